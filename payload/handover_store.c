// SPDX-License-Identifier: MIT
/* Keeps a handover in a folder of root's own, and trusts nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "handover_format.h"

#define STORE_FACTS "handover"
#define STORE_CONF  "ups.conf"
#define STORE_DRILL "drill"

#define STORE_OTHERS 077 /* what others must not be allowed */

/** Ours alone, and of the right type? */
static int store_check_owner(int fd, mode_t type)
{
	struct stat stat;

	if (fstat(fd, &stat))
		return -errno;
	if ((stat.st_mode & S_IFMT) != type || stat.st_uid != geteuid() ||
	    stat.st_mode & STORE_OTHERS)
		return -EPERM;
	return 0;
}

static int store_open_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ELOOP || errno == ENOTDIR ? -EPERM : -errno;
	return fd;
}

/** Make @dir, or take one that is ours already. Returns its descriptor. */
static int store_make_dir(const char *dir)
{
	int ret = mkdir(dir, 0700) && errno != EEXIST ? -errno : 0;
	struct stat stat;
	int fd;

	if (ret)
		return ret;
	fd = store_open_dir(dir);
	if (fd < 0)
		return fd;
	if (fstat(fd, &stat) || stat.st_uid != geteuid() || fchmod(fd, 0700)) {
		(void)close(fd); /* a folder has nothing to lose */
		return -EPERM;
	}
	return fd;
}

static int store_write_all(int fd, const struct handover_file *file)
{
	size_t done = 0;
	ssize_t len;

	while (done < file->len) {
		len = write(fd, file->text + done, file->len - done);
		if (len < 0 && errno != EINTR)
			return -errno;
		if (len > 0)
			done += (size_t)len;
	}
	return 0;
}

/** No fsync: it is a tmpfs, and a handover is for this boot only. */
static int store_write_file(int dir_fd, const char *name,
			    const struct handover_file *file)
{
	char new_name[32];
	int ret;
	int fd;

	(void)snprintf(new_name, sizeof(new_name), "%s.new", name); /* fits */
	(void)unlinkat(dir_fd, new_name, 0); /* left by one that was killed */
	fd = openat(dir_fd, new_name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	ret = store_write_all(fd, file);
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && renameat(dir_fd, new_name, dir_fd, name))
		ret = -errno;
	if (ret)
		(void)unlinkat(dir_fd, new_name, 0); /* ret says it already */
	return ret;
}

int handover_write(const struct handover *handover, const char *dir)
{
	struct handover_file conf;
	struct handover_file facts;
	int ret = handover_format_conf(handover, &conf);
	int fd;

	if (!ret)
		ret = handover_format_facts(handover, &conf, &facts);
	if (ret)
		return ret;
	fd = store_make_dir(dir);
	if (fd < 0)
		return fd;
	ret = store_write_file(fd, STORE_CONF, &conf);
	explicit_bzero(&conf, sizeof(conf)); /* passwords were in it */
	if (!ret)
		ret = store_write_file(fd, STORE_FACTS, &facts);
	(void)close(fd); /* a folder has nothing to lose */
	return ret;
}

static int store_read_file(int dir_fd, const char *name,
			   struct handover_file *file)
{
	int fd = openat(dir_fd, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return errno == ELOOP ? -EPERM : -errno;
	ret = store_check_owner(fd, S_IFREG);
	if (ret) {
		(void)close(fd); /* not even read */
		return ret;
	}
	return handover_read_fd(fd, file);
}

/** Seconds of this boot, those that it slept included. */
static int64_t store_now_s(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_BOOTTIME, &now))
		return -1;
	return now.tv_sec;
}

int handover_mark_drill(const char *dir, enum handover_drill drill)
{
	char boot_id[HANDOVER_BOOT_ID_MAX] = "";
	struct handover_file file;
	int fd = store_make_dir(dir);
	int ret;

	if (fd < 0)
		return fd;
	handover_read_boot_id(boot_id);
	file.len = (size_t)snprintf(file.text, sizeof(file.text), "%s %s %lld\n",
				    handover_drill_name(drill), boot_id,
				    (long long)store_now_s()); /* it fits */
	ret = store_write_file(fd, STORE_DRILL, &file);
	(void)close(fd); /* a folder has nothing to lose */
	return ret;
}

static enum handover_drill store_parse_drill(const struct handover_file *file)
{
	char boot_id[HANDOVER_BOOT_ID_MAX] = "";
	enum handover_drill drill;
	struct conf_reader reader;
	struct conf_line line;
	int64_t age_s;

	handover_read_boot_id(boot_id);
	conf_reader_start(&reader, STORE_DRILL, file->text, file->len, NULL);
	if (!conf_next_line(&reader, &line) || line.words != 3 || !*boot_id ||
	    strcmp(line.word[1], boot_id) ||
	    !handover_parse_drill(line.word[0], &drill))
		return DRILL_NONE;
	age_s = store_now_s() - strtoll(line.word[2], NULL, 10);
	return age_s >= 0 && age_s <= HANDOVER_DRILL_S ? drill : DRILL_NONE;
}

enum handover_drill handover_read_drill(const char *dir)
{
	enum handover_drill drill = DRILL_NONE;
	struct handover_file file;
	int fd = store_open_dir(dir);

	if (fd < 0)
		return DRILL_NONE;
	file.len = 0;
	if (!store_check_owner(fd, S_IFDIR) &&
	    !store_read_file(fd, STORE_DRILL, &file))
		drill = store_parse_drill(&file);
	(void)close(fd); /* a folder has nothing to lose */
	return drill;
}

void handover_clear_drill(const char *dir)
{
	int fd = store_open_dir(dir);

	if (fd < 0)
		return;
	(void)unlinkat(fd, STORE_DRILL, 0); /* mostly there is none */
	(void)close(fd);                    /* a folder has nothing to lose */
}

static int store_read_dir(struct handover *handover, const char *dir)
{
	struct handover_file facts;
	struct handover_file conf;
	int fd = store_open_dir(dir);
	int ret;

	if (fd < 0)
		return fd;
	ret = store_check_owner(fd, S_IFDIR);
	if (!ret)
		ret = store_read_file(fd, STORE_FACTS, &facts);
	if (!ret)
		ret = store_read_file(fd, STORE_CONF, &conf);
	if (!ret)
		ret = handover_parse(handover, &facts, &conf);
	explicit_bzero(&conf, sizeof(conf)); /* passwords were in it */
	(void)close(fd);                     /* a folder has nothing to lose */
	return ret;
}

static void store_explain(int error, const char *dir, char why[UPS_SENTENCE_MAX])
{
	const char *reason = strerror(-error);

	if (error == -ENOENT)
		reason = "there is none";
	else if (error == -EPERM)
		reason = "others than root could have written it";
	else if (error == -EBADMSG)
		reason = "it is cut off or was changed";
	else if (error == -ESTALE)
		reason = "it is of another boot";
	(void)snprintf(why, UPS_SENTENCE_MAX,
		       "no handover is taken from %.100s: %s", dir,
		       reason); /* for people: may be cut */
}

int handover_read(struct handover *handover, const char *dir,
		  const char *boot_id, char why[UPS_SENTENCE_MAX])
{
	int ret = store_read_dir(handover, dir);

	if (!ret && (!*boot_id || strcmp(handover->boot_id, boot_id)))
		ret = -ESTALE;
	if (ret) {
		memset(handover, 0, sizeof(*handover));
		(void)conf_parse(&handover->conf, "", "", 0, NULL); /* sound */
		handover->poweroff_wait_ms = -1;
		store_explain(ret, dir, why);
		return ret;
	}
	(void)snprintf(handover->source, sizeof(handover->source), "%s",
		       dir); /* for people: may be cut */
	return 0;
}
