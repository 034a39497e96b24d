// SPDX-License-Identifier: MIT
/*
 * SNMPv3: the driver, whole, on an emulated card that knows one user. That the
 * bytes are right is what snmpd_test.py and usm_test.c show; this is about what
 * becomes of a cut when the network or the card is not well.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/line_bench.h"
#include "snmp/snmp_fake.h"
#include "snmp/usm.h"

#define KEYS                                        \
	"snmp_version = v3\nsecLevel = authPriv\n"  \
	"secName = me\nauthPassword = maplesyrup\n" \
	"privPassword = maplesyrup2\n"              \
	"authProtocol = SHA256\nprivProtocol = AES\n"

struct card {
	struct snmp_fake fake; /* the first member */
	struct usm usm;
	bool hides_user;
};

static void card_start(struct net_fake *net)
{
	static const uint8_t engine[] = { 0x80, 0, 0, 1, 2 };
	struct card *card = net->state;
	struct usm *usm = &card->usm;

	snmp_fake_begin(net);
	*usm = (struct usm){
		.level = USM_AUTH | USM_PRIV,
		.auth = (uint8_t)usm_find_auth("SHA256"),
		.priv = (uint8_t)usm_find_priv("AES"),
		.name_len = 2,
		.name = "me",
		.engine_len = sizeof(engine),
		.boots = 3,
		.time = 1000,
		.at_ms = clock_now_ms(),
	};
	memcpy(usm->engine, engine, sizeof(engine));
	usm_derive(usm, "maplesyrup", "maplesyrup2");
}

static int32_t card_read_id(const uint8_t *bytes, size_t len)
{
	struct ber from = { bytes, len }, message, head;
	int32_t version, id = 0;

	if (ber_take(&from, BER_SEQUENCE, &message) == 0 &&
	    ber_take_int(&message, &version) == 0 &&
	    ber_take(&message, BER_SEQUENCE, &head) == 0)
		(void)ber_take_int(&head, &id);
	return id;
}

static void card_send(struct net_fake *net, struct usm *usm, int32_t id,
		      const struct snmp_pdu *pdu)
{
	uint8_t bytes[SNMP_MESSAGE_MAX];
	int at = usm_write(usm, bytes, sizeof(bytes), id, pdu);

	assert_true(at >= 0);
	net_fake_send(net, bytes + at, sizeof(bytes) - (size_t)at);
}

/** In the clear, for whoever it was. */
static void card_report(struct net_fake *net, int32_t id, const char *why)
{
	const struct card *card = net->state;
	struct usm nobody = card->usm;
	struct snmp_pdu pdu = { .tag = SNMP_REPORT, .id = id };

	nobody.level = 0;
	nobody.name_len = 0;
	(void)snmp_add_oid(&pdu.oid, why);
	card_send(net, &nobody, id, &pdu);
}

static void card_receive(struct net_fake *net, const uint8_t *bytes, size_t len)
{
	struct card *card = net->state;
	int32_t id = card_read_id(bytes, len);
	struct usm_message message;
	uint8_t copy[SNMP_MESSAGE_MAX];

	memcpy(copy, bytes, len);
	if (usm_read(&card->usm, copy, len, id, &message) < 0) {
		card_report(net, id, "1.3.6.1.6.3.15.1.1.4.0");
		return;
	}
	if (card->hides_user) {
		card_report(net, id, "1.3.6.1.6.3.15.1.1.3.0");
		return;
	}
	snmp_fake_answer(net, SNMP_V3, &message.pdu);
	card_send(net, &card->usm, id, &message.pdu);
}

static const struct net_fake_kind card_kind = {
	.name = "v3",
	.port = 161,
	.state_size = sizeof(struct card),
	.start = card_start,
	.receive = card_receive,
};

static void test_a_cut(void **state)
{
	static struct line_bench bench;
	const struct card *card;
	struct ups_cut cut;

	(void)state;
	line_bench_start_net(&bench, "snmp-ups", &card_kind, KEYS);
	card = bench.net.state;
	/* Who is there, what it is, and what it has. */
	assert_int_equal(line_bench_arm(&bench), 0);
	assert_int_equal(bench.armed_at, 3);
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_string_equal(card->fake.written, "8.1.0=1 8.5.0=1 8.2.0=20");
	line_bench_end(&bench);
}

/* It has forgotten us meanwhile: said at once, and nothing is done. */
static void test_a_user_who_is_gone(void **state)
{
	static struct line_bench bench;
	struct card *card;
	struct ups_cut cut;

	(void)state;
	line_bench_start_net(&bench, "snmp-ups", &card_kind, KEYS);
	card = bench.net.state;
	assert_int_equal(line_bench_arm(&bench), 0);
	card->hides_user = true;
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), -EPROTO);
	assert_string_equal(bench.ups.problem,
			    "[u] knows no user of that secName");
	assert_int_equal(bench.fake.orders, 0);
	line_bench_end(&bench);
}

/* Another card under the same address is found, and commanded. */
static void test_another_card(void **state)
{
	static struct line_bench bench;
	struct card *card;
	struct ups_cut cut;

	(void)state;
	line_bench_start_net(&bench, "snmp-ups", &card_kind, KEYS);
	card = bench.net.state;
	assert_int_equal(line_bench_arm(&bench), 0);
	card->usm.engine[4]++;
	usm_derive(&card->usm, "maplesyrup", "maplesyrup2");
	assert_int_equal(line_bench_cut(&bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	line_bench_end(&bench);
}

static void test_no_secret_is_left(void **state)
{
	static struct line_bench bench;
	const uint8_t *bytes;

	(void)state;
	line_bench_start_net(&bench, "snmp-ups", &card_kind, KEYS);
	assert_int_equal(line_bench_arm(&bench), 0);
	bench.ups.driver->close(&bench.ups);
	bytes = bench.ups.state;
	/* But for the descriptor, which is none. */
	assert_null(memmem(bytes, bench.ups.driver->state_size, "me", 2));
	for (size_t i = 64; i < bench.ups.driver->state_size - 64; i++)
		assert_int_equal(bytes[i], 0);
	line_bench_end(&bench);
}

static void test_whatever_ails_the_network(void **state)
{
	(void)state;
	line_bench_storm_net("snmp-ups", &card_kind, KEYS, LINE_BENCH_ANSWERS);
}

/* A kernel that has just begun: whoever would wait for it dies. */
static bool have_no_entropy(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_getrandom, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, GRND_INSECURE, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAGAIN),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	struct sock_fprog filter = { sizeof(code) / sizeof(*code), code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

static void test_no_entropy_yet(void **state)
{
	static struct line_bench bench;
	struct ups_cut cut;
	int status = 0;
	pid_t pid;

	(void)state;
	pid = fork();
	if (pid == 0) {
		line_bench_start_net(&bench, "snmp-ups", &card_kind, KEYS);
		if (!have_no_entropy())
			_exit(77);
		_exit(line_bench_cut(&bench, UPS_RETURN, &cut) == 0 &&
				      cut.proof == UPS_VERIFIED
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip(); /* no seccomp here */
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cut),
		cmocka_unit_test(test_a_user_who_is_gone),
		cmocka_unit_test(test_another_card),
		cmocka_unit_test(test_no_secret_is_left),
		cmocka_unit_test(test_no_entropy_yet),
		cmocka_unit_test(test_whatever_ails_the_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
