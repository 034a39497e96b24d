// SPDX-License-Identifier: MIT
/* What follows from which facts, and how the kernel's answer is heard. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pid1/disks.h"
#include "pid1/flush.h"
#include "pid1/freeze.h"
#include "pid1/judge.h"
#include "pid1/park.h"
#include "pid1/tree_fake.h"

static struct judge_facts good(void)
{
	struct judge_facts facts = {
		.table_read = true,
		.synced = true,
		.flushed = true,
		.disks = 1,
	};

	return facts;
}

static void judge(const struct judge_facts *facts, enum storage_verdict verdict,
		  const char *text)
{
	struct teardown_news news;

	judge_storage(facts, &news);
	assert_int_equal(news.verdict, verdict);
	assert_string_equal(news.text, text);
}

static void test_safe(void **state)
{
	struct judge_facts facts = good();

	(void)state;
	judge(&facts, STORAGE_SAFE, "nothing is mounted, 1 disk flushed");
	facts.disks = 3;
	judge(&facts, STORAGE_SAFE, "nothing is mounted, 3 disks flushed");
	/* A server that does not answer hangs sync(), and our disks do not. */
	facts.synced = false;
	(void)strcpy(facts.why, "sync did not finish");
	judge(&facts, STORAGE_SAFE,
	      "nothing is mounted, 3 disks flushed, but sync hangs");
	facts.cut_off = "/oldroot (nfs4)";
	judge(&facts, STORAGE_SAFE,
	      "nothing is mounted, 3 disks flushed, but sync hangs, cut off /oldroot (nfs4)");
}

static void test_read_only(void **state)
{
	struct judge_facts facts = good();

	(void)state;
	facts.data = 1;
	(void)strcpy(facts.claimed, "vda");
	(void)strcpy(facts.left, "/oldroot (ext4, read-only)");
	judge(&facts, STORAGE_READ_ONLY,
	      "still mounted: /oldroot (ext4, read-only)");

	/* Used by what we do not see, but the kernel has frozen that. */
	facts.data = 0;
	facts.frozen = true;
	judge(&facts, STORAGE_READ_ONLY,
	      "nothing is mounted, but vda is still in use");
}

static void test_not_safe(void **state)
{
	struct judge_facts facts = good();

	(void)state;
	facts.data = facts.writable = 1;
	(void)strcpy(facts.left, "/oldroot (ext4, writable)");
	judge(&facts, STORAGE_UNSAFE,
	      "still mounted: /oldroot (ext4, writable)");

	facts = good();
	(void)strcpy(facts.claimed, "vda");
	judge(&facts, STORAGE_UNSAFE, "vda is still in use");

	facts.frozen = true;
	facts.synced = false;
	(void)strcpy(facts.why, "sync did not finish");
	judge(&facts, STORAGE_UNSAFE, "sync did not finish");

	facts = good();
	facts.flushed = false;
	(void)strcpy(facts.why, "vda did not finish its flush");
	judge(&facts, STORAGE_UNSAFE, "vda did not finish its flush");

	facts = good();
	(void)strcpy(facts.dirty_md, "md0");
	judge(&facts, STORAGE_UNSAFE, "md0 is not marked clean");

	facts = good();
	facts.lost = true;
	judge(&facts, STORAGE_UNSAFE,
	      "a multipath device without a path was made to fail");

	facts = good();
	facts.table_read = false;
	judge(&facts, STORAGE_UNSAFE, "the mount table cannot be read");
}

static void test_long_names_fit(void **state)
{
	struct judge_facts facts = good();
	struct teardown_news news;

	(void)state;
	memset(facts.left, 'x', sizeof(facts.left) - 1);
	memset(facts.why, 'y', sizeof(facts.why) - 1);
	memset(facts.dirty_md, 'z', sizeof(facts.dirty_md) - 1);
	facts.writable = facts.data = 1;
	facts.flushed = false;
	facts.cut_off = facts.left;
	judge_storage(&facts, &news);
	assert_int_equal(news.verdict, STORAGE_UNSAFE);
	assert_true(strlen(news.text) < sizeof(news.text));
}

/* The kernel answers into the log a little later. */
static void test_freeze_waits_for_the_answer(void **state)
{
	char trigger[128], kmsg[128];
	struct tree tree;
	pid_t pid;
	int fd;

	(void)state;
	tree_make(&tree);
	tree_write(&tree, "trigger", "");
	tree_write(&tree, "kmsg", "6,1,2,-;Emergency Remount complete\n");
	(void)snprintf(trigger, sizeof(trigger), "%s/trigger", tree.path);
	(void)snprintf(kmsg, sizeof(kmsg), "%s/kmsg", tree.path);

	/* That one was earlier. */
	assert_false(freeze_everything(trigger, kmsg, deadline_in_ms(50)));
	tree_check(&tree, "trigger", "u");

	pid = fork();
	if (pid == 0) {
		(void)usleep(100000);
		fd = open(kmsg, O_WRONLY | O_APPEND | O_CLOEXEC);
		(void)!write(fd, "6,3,4,-;Emergency Remount complete\n", 35);
		_exit(0);
	}
	assert_true(freeze_everything(trigger, kmsg, deadline_in_ms(20000)));
	(void)waitpid(pid, NULL, 0);

	assert_false(freeze_everything("/nonexistent", kmsg, deadline_in_ms(50)));
	assert_false(
		freeze_everything(trigger, "/nonexistent", deadline_in_ms(50)));
	freeze_start_sync(trigger);
	tree_check(&tree, "trigger", "s");
	tree_remove(&tree);
}

static void test_pending_is_dirty_and_writeback(void **state)
{
	struct tree tree;
	char path[128];

	(void)state;
	tree_make(&tree);
	tree_write(&tree, "meminfo",
		   "MemTotal:  99999 kB\nDirty:   120 kB\n"
		   "Writeback:   30 kB\nWritebackTmp:   7 kB\n");
	(void)snprintf(path, sizeof(path), "%s/meminfo", tree.path);
	assert_int_equal(flush_pending_kb(path), 150);
	assert_int_equal(flush_pending_kb("/nonexistent"), 0);
	tree_remove(&tree);
}

static int write_out_for_ever(int fd, void *arg)
{
	(void)fd;
	(void)arg;
	while (pause() < 0)
		;
	return 0;
}

static int write_out_at_once(int fd, void *arg)
{
	(void)fd;
	(void)arg;
	return 0;
}

/* Less is pending each time somebody looks; then no more. */
static void test_progress_keeps_it_alive(void **state)
{
	int64_t start_ms = clock_now_ms();
	char path[128], next[128], text[64];
	struct tree tree;
	pid_t pid;
	int kb;

	(void)state;
	tree_make(&tree);
	tree_write(&tree, "meminfo", "Dirty: 900 kB\n");
	(void)snprintf(path, sizeof(path), "%s/meminfo", tree.path);
	(void)snprintf(next, sizeof(next), "%s/next", tree.path);
	pid = fork();
	if (pid == 0) {
		for (kb = 8; kb >= 0; kb--) {
			(void)usleep(500000);
			(void)snprintf(text, sizeof(text), "Dirty: %d00 kB\n",
				       kb);
			tree_write(&tree, "next", text);
			(void)rename(next, path); /* nobody reads half of it */
		}
		_exit(0);
	}
	/* Alone it would be given up after two seconds. */
	assert_int_equal(flush_watch(write_out_for_ever, path, 2000,
				     deadline_in_ms(60000)),
			 -ETIMEDOUT);
	assert_true(clock_now_ms() - start_ms > 4500);
	(void)waitpid(pid, NULL, 0);

	start_ms = clock_now_ms();
	assert_int_equal(flush_watch(write_out_for_ever, path, 60000,
				     deadline_in_ms(700)),
			 -ETIMEDOUT);
	assert_int_equal(flush_watch(write_out_at_once, path, 60000,
				     deadline_in_ms(60000)),
			 0);
	assert_true(clock_now_ms() - start_ms < 30000);
	tree_remove(&tree);
}

static int fail_second(const struct layer *layer)
{
	if (strcmp(layer->name, "sdc") == 0)
		(void)pause();
	return strcmp(layer->name, "sdb") == 0 ? -5 : 0;
}

/* One that hangs holds up nobody, and memory is no disk. */
static void test_disks_are_asked_side_by_side(void **state)
{
	static struct disks disks;
	int64_t start_ms = clock_now_ms();
	struct tree tree;
	int i;

	(void)state;
	tree_make(&tree);
	tree_write(&tree, "block/sda/size", "8\n");
	tree_write(&tree, "block/sdb/size", "8\n");
	tree_write(&tree, "block/sdc/size", "8\n");
	tree_write(&tree, "block/sr0/size", "0\n");
	tree_write(&tree, "block/zram0/size", "8\n");
	assert_int_equal(disks_find(&disks, tree.path, "/dev"), 0);
	assert_int_equal(disks.count, 3);
	disks_run(&disks, fail_second, deadline_in_ms(3000));
	for (i = 0; i < disks.count; i++)
		assert_int_equal(disks.disk[i].result,
				 disks.disk[i].layer.name[2] == 'a'   ? 0
				 : disks.disk[i].layer.name[2] == 'b' ? -5
								      : -110);
	assert_true(clock_now_ms() - start_ms < 30000);
	assert_true(disks_find(&disks, "/nonexistent", "/dev") < 0);
	tree_remove(&tree);
}

static void test_park(void **state)
{
	char parked[64];
	struct tree tree;

	(void)state;
	tree_make(&tree);
	tree_write(&tree, "block/sda/size", "8\n");
	tree_write(&tree, "block/vda/size", "8\n");
	tree_write(&tree, "sda", ""); /* a file takes no SCSI command */
	tree_write(&tree, "class/nvme/nvme0/device/remove", "");
	tree_write(&tree, "class/nvme/nvme1/transport", "tcp\n");
	assert_int_equal(park_disks(tree.path, tree.path, parked,
				    sizeof(parked), deadline_in_ms(10000)),
			 1);
	assert_string_equal(parked, "nvme0");
	tree_check(&tree, "class/nvme/nvme0/device/remove", "1");
	tree_remove(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_safe),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_not_safe),
		cmocka_unit_test(test_long_names_fit),
		cmocka_unit_test(test_freeze_waits_for_the_answer),
		cmocka_unit_test(test_pending_is_dirty_and_writeback),
		cmocka_unit_test(test_progress_keeps_it_alive),
		cmocka_unit_test(test_disks_are_asked_side_by_side),
		cmocka_unit_test(test_park),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
