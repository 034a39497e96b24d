// SPDX-License-Identifier: MIT
/* Q*: what real units said when somebody recorded them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench.h"
#include "link/line_replay_fake.h"
#include "qx/qx.h"

#define TESTDATA "drivers/qx/testdata/"

struct replay_bench {
	struct line_bench bench;
	struct line_replay replay; /* of a bridge: its packets */
};

static int bench_make(void **state)
{
	*state = calloc(1, sizeof(struct replay_bench));
	return *state ? 0 : -1;
}

static int bench_end(void **state)
{
	struct replay_bench *replay_bench = *state;

	line_bench_end(&replay_bench->bench);
	free(replay_bench);
	return 0;
}

/* A bridge that plays packets; the test that runs has one. */
static struct line_replay *played;

static int replay_control(struct usb_fake *fake,
			  const struct usb_fake_setup *setup, uint8_t *data)
{
	(void)fake;
	if (setup->type == 0x21 && setup->request == 0x09) {
		(void)line_replay_hear(played, data, setup->length);
		return setup->length;
	}
	return -ENOSYS;
}

static int replay_in(struct usb_fake *fake, uint8_t endpoint, uint8_t *data,
		     size_t size)
{
	const struct line_replay_entry *entry = line_replay_next(played);

	(void)fake;
	(void)endpoint;
	if (!entry)
		return -EAGAIN;
	if (entry->len > size)
		return -EOVERFLOW;
	memcpy(data, entry->bytes, entry->len);
	return (int)entry->len;
}

static int replay_string(struct usb_fake *fake,
			 const struct usb_fake_setup *setup, uint8_t *data)
{
	const struct line_replay_entry *entry;
	uint8_t index = (uint8_t)setup->value;

	(void)fake;
	if (setup->type != 0x80 || setup->value >> 8 != 3 || index < 3)
		return -ENOSYS;
	if (!line_replay_hear(played, &index, 1))
		return -EPIPE;
	entry = line_replay_next(played);
	return entry ? usb_fake_put_string((const char *)entry->bytes,
					   entry->len, data)
		     : -EPIPE;
}

static const struct usb_fake_kind packets = {
	.name = "replay",
	.string = { "Vendor", "Product" },
	.interface_class = 3,
	.endpoint = { { 0x81, USB_FAKE_INTERRUPT, 8 } },
	.control = replay_control,
	.in = replay_in,
};

static struct line_bench *bench_play(void **state, const char *file,
				     const struct usb_fake_kind *kind,
				     const char *keys)
{
	struct replay_bench *replay_bench = *state;

	assert_int_equal(line_replay_read(&replay_bench->replay, file), 0);
	played = &replay_bench->replay;
	line_bench_start_usb(&replay_bench->bench, "nutdrv_qx", kind, keys);
	return &replay_bench->bench;
}

static void assert_status(struct line_bench *bench, enum ups_mains mains)
{
	struct ups_status status;

	assert_int_equal(bench->ups.driver->status(&bench->ups, &status,
						   deadline_in_ms(20000)),
			 0);
	assert_int_equal(status.mains, mains);
	assert_false(status.battery_low);
}

/* Its first answer pauses for half a second before the last two bytes. */
static void test_armac_vultech(void **state)
{
	struct usb_fake_kind kind = packets;
	struct line_bench *bench;

	kind.vendor_id = 0x0925;
	kind.product_id = 0x1234;
	bench = bench_play(state, TESTDATA "armac-vultech-gs1kvas.txt", &kind,
			   "");
	assert_int_equal(line_bench_arm(bench), 0);
	assert_status(bench, UPS_MAINS_PRESENT);
	assert_in_range(played->answered, 2, 4);
}

/* A packet of another program's question comes first. */
static void test_cypress_viewpower(void **state)
{
	struct usb_fake_kind kind = packets;
	struct line_bench *bench;

	kind.vendor_id = 0x0665;
	kind.product_id = 0x5161;
	bench = bench_play(state, TESTDATA "cypress-viewpower-micro3000-qs.txt",
			   &kind, "protocol = voltronic-qs");
	assert_int_equal(line_bench_arm(bench), 0);
	assert_status(bench, UPS_MAINS_PRESENT);
}

static void test_hunnox(void **state)
{
	struct usb_fake_kind kind = packets;
	struct line_bench *bench;

	kind.vendor_id = 0x0001;
	kind.string[USB_PRODUCT] = "MEC0003";
	kind.speaks_by_strings = true;
	kind.control = replay_string;
	bench = bench_play(state, TESTDATA "hunnox-v38-136v.txt", &kind, "");
	assert_int_equal(line_bench_arm(bench), 0);
	assert_status(bench, UPS_MAINS_PRESENT);
}

static struct line_bench *line_play(void **state, const char *file)
{
	struct replay_bench *replay_bench = *state;
	struct line_bench *bench = &replay_bench->bench;

	line_bench_start(bench, "nutdrv_qx", &line_replay_kind, "");
	assert_int_equal(line_replay_read(bench->fake.state, file), 0);
	return bench;
}

static void test_megatec_on_an_inverter(void **state)
{
	struct line_bench *bench =
		line_play(state, TESTDATA "megatec-voltronic-pip-uart.txt");

	assert_int_equal(line_bench_arm(bench), 0);
	assert_status(bench, UPS_MAINS_ABSENT);
}

/* It repeats QGS, and so it is no Voltronic. */
static void test_an_echo_is_no_answer(void **state)
{
	struct line_bench *bench =
		line_play(state, TESTDATA "mec0003-echo-qgs.txt");

	assert_int_equal(line_bench_arm(bench), -EPROTO);
}

static void test_no_is_what_it_says(void **state)
{
	struct line_replay replay;
	int count = 0;

	(void)state;
	assert_int_equal(
		line_replay_read(&replay, TESTDATA "voltronic-nak-probe.txt"),
		0);
	for (size_t i = 0; i + 1 < replay.count; i += 2) {
		struct line_replay_entry *asked = &replay.entry[i];
		struct line_replay_entry *said = &replay.entry[i + 1];

		assert_int_equal(said->bytes[said->len - 1], '\r');
		asked->bytes[asked->len - 1] = '\0';
		assert_int_equal(qx_judge((const char *)asked->bytes,
					  (const char *)said->bytes,
					  said->len - 1),
				 QX_REFUSED);
		count++;
	}
	assert_int_equal(count, 6);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_make, bench_end)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_armac_vultech),
		BENCH_TEST(test_cypress_viewpower),
		BENCH_TEST(test_hunnox),
		BENCH_TEST(test_megatec_on_an_inverter),
		BENCH_TEST(test_an_echo_is_no_answer),
		cmocka_unit_test(test_no_is_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
