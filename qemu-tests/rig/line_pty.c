// SPDX-License-Identifier: MIT
/*
 * Puts an emulated serial UPS on a pseudo-terminal, where any program may open
 * it as its port, and writes down on stdout what came and what it did.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "line_words.h"
#include "modem.h"
#include "peer_say.h"
#include "timeline.h"

#define LINE_PTY_LIMIT_S 60

static const char usage[] =
	"usage: line-pty [OPTION]... KIND PATH\n"
	"       line-pty --kinds\n"
	"\n"
	"Ends after the limit, or when its stdin is closed.\n"
	"\n"
	"  --limit S      end after S seconds (60)\n"
	"  --mains        it has mains; else it is on battery\n"
	"  --charge PCT   of its battery (15)\n"
	"  --way WAY      healthy, silent, deaf, garbage, noise, slow or gone,\n"
	"  --from N       once N bytes came (0)\n"
	"  --trouble MS   how slow (700)\n";

struct line_pty {
	struct line_fake fake;
	const char *path;
	char modem_path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	int master, slave, modem;
	int bits; /* the outputs, as TIOCMGET has them */
	bool is_break;
	int speed;
	struct peer_say say;
	int64_t until_ms;
};

static void line_pty_start_modem(struct line_pty *pty)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int len = snprintf(pty->modem_path, sizeof(pty->modem_path),
			   "%s" MODEM_SUFFIX, pty->path);

	if (len >= (int)sizeof(pty->modem_path))
		words_die(NULL, "%s: this path is too long", pty->path);
	memcpy(address.sun_path, pty->modem_path, (size_t)len + 1);
	(void)unlink(pty->modem_path);
	pty->modem = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	if (pty->modem < 0 ||
	    bind(pty->modem, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(pty->modem, 8))
		words_die(NULL, "%s: %s", pty->modem_path, strerror(errno));
}

static void line_pty_start(struct line_pty *pty)
{
	struct termios raw;
	const char *name;

	pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (pty->master < 0 || grantpt(pty->master) || unlockpt(pty->master))
		words_die(NULL, "no pseudo-terminal: %s", strerror(errno));
	name = ptsname(pty->master);
	/* While we hold it, the port does not hang up between two programs. */
	pty->slave = open(name, O_RDWR | O_NOCTTY);
	if (pty->slave < 0 || tcgetattr(pty->slave, &raw))
		words_die(NULL, "%s: %s", name, strerror(errno));
	cfmakeraw(&raw);
	tcsetattr(pty->slave, TCSANOW, &raw);
	line_pty_start_modem(pty);
	(void)unlink(pty->path);
	if (symlink(name, pty->path))
		words_die(NULL, "%s: %s", pty->path, strerror(errno));
}

static int line_pty_find_speed(struct line_pty *pty)
{
	static const struct {
		speed_t code;
		int baud;
	} speeds[] = {
		{ B300, 300 },       { B600, 600 },     { B1200, 1200 },
		{ B2400, 2400 },     { B4800, 4800 },   { B9600, 9600 },
		{ B19200, 19200 },   { B38400, 38400 }, { B57600, 57600 },
		{ B115200, 115200 },
	};
	struct termios line;
	size_t i;

	if (!tcgetattr(pty->master, &line))
		for (i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++)
			if (speeds[i].code == cfgetospeed(&line))
				return speeds[i].baud;
	return 0;
}

static void line_pty_read(struct line_pty *pty)
{
	uint8_t bytes[512];
	ssize_t len = read(pty->master, bytes, sizeof(bytes));

	if (len <= 0)
		return;
	pty->fake.speed = line_pty_find_speed(pty);
	if (pty->speed != pty->fake.speed) {
		pty->speed = pty->fake.speed;
		peer_say(&pty->say, "speed %d", pty->speed);
	}
	peer_say_bytes(&pty->say, "received", bytes, (size_t)len);
	line_fake_receive(&pty->fake, bytes, (size_t)len);
}

static void line_pty_write(struct line_pty *pty)
{
	uint8_t bytes[512];
	size_t len = line_fake_take(&pty->fake, bytes, sizeof(bytes));

	if (!len)
		return;
	peer_say_bytes(&pty->say, "sent", bytes, len);
	/* A full port loses bytes, as a real one does. */
	(void)!write(pty->master, bytes, len);
}

static void line_pty_change_lines(struct line_pty *pty, int bits, bool is_break)
{
	unsigned int lines = 0;

	bits &= TIOCM_DTR | TIOCM_RTS;
	if (bits == pty->bits && is_break == pty->is_break)
		return;
	pty->bits = bits;
	pty->is_break = is_break;
	peer_say(&pty->say, "lines%s%s%s", bits & TIOCM_DTR ? " DTR" : "",
		 bits & TIOCM_RTS ? " RTS" : "", is_break ? " break" : "");
	if (bits & TIOCM_DTR)
		lines |= SERIAL_DTR;
	if (bits & TIOCM_RTS)
		lines |= SERIAL_RTS;
	line_fake_set_lines(&pty->fake, lines, is_break);
}

static int line_pty_inputs(const struct line_pty *pty)
{
	unsigned int inputs = pty->fake.inputs;

	return (inputs & SERIAL_CTS ? TIOCM_CTS : 0) |
	       (inputs & SERIAL_DCD ? TIOCM_CAR : 0) |
	       (inputs & SERIAL_RNG ? TIOCM_RNG : 0) |
	       (inputs & SERIAL_DSR ? TIOCM_DSR : 0);
}

static void line_pty_obey(struct line_pty *pty,
			  const struct modem_message *message)
{
	int bits = (int)message->bits;

	switch (message->request) {
	case MODEM_OPEN:
		line_pty_change_lines(pty, TIOCM_DTR | TIOCM_RTS, false);
		break;
	case MODEM_SET:
		line_pty_change_lines(pty, bits, pty->is_break);
		break;
	case MODEM_RAISE:
		line_pty_change_lines(pty, pty->bits | bits, pty->is_break);
		break;
	case MODEM_DROP:
		line_pty_change_lines(pty, pty->bits & ~bits, pty->is_break);
		break;
	case MODEM_BREAK:
		line_pty_change_lines(pty, pty->bits, bits);
		break;
	default:
		break;
	}
}

static void line_pty_serve_modem(struct line_pty *pty)
{
	struct modem_message message;
	int fd = accept(pty->modem, NULL, NULL);

	if (fd < 0)
		return;
	if (read(fd, &message, sizeof(message)) == sizeof(message)) {
		line_pty_obey(pty, &message);
		message.bits = (uint32_t)(pty->bits | line_pty_inputs(pty));
		(void)!write(fd, &message, sizeof(message));
	}
	close(fd);
}

static void line_pty_run(struct line_pty *pty)
{
	struct pollfd poll_fd[] = {
		{ .fd = pty->master, .events = POLLIN },
		{ .fd = pty->modem, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};

	while (line_fake_is_there(&pty->fake) && now_ms() < pty->until_ms) {
		int64_t next_ms = line_fake_next_ms(&pty->fake);
		char end;

		if (next_ms > now_ms() + 100)
			next_ms = now_ms() + 100;
		next_ms -= now_ms();
		(void)poll(poll_fd, 3, next_ms < 0 ? 0 : (int)next_ms);
		if (poll_fd[0].revents)
			line_pty_read(pty);
		if (poll_fd[1].revents)
			line_pty_serve_modem(pty);
		if (poll_fd[2].revents && read(STDIN_FILENO, &end, 1) <= 0)
			return;
		line_pty_write(pty);
		peer_say_off(&pty->say, &pty->fake);
	}
}

static int line_pty_print_kinds(void)
{
	size_t count, i;
	const struct line_fake_kind *const *kinds = line_fake_kinds(&count);

	for (i = 0; i < count; i++)
		puts(kinds[i]->name);
	return 0;
}

static void line_pty_take_options(struct line_pty *pty, int argc, char **argv)
{
	static const struct option options[] = {
		{ "limit", required_argument, NULL, 'l' },
		{ "mains", no_argument, NULL, 'm' },
		{ "charge", required_argument, NULL, 'c' },
		{ "way", required_argument, NULL, 'w' },
		{ "from", required_argument, NULL, 'f' },
		{ "trouble", required_argument, NULL, 't' },
		{ "kinds", no_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	struct line_fake *fake = &pty->fake;
	int option, limit_s = LINE_PTY_LIMIT_S, charge_pct = 15;
	int way = LINE_FAKE_HEALTHY, from = 0, trouble_ms = 700;
	bool mains = false;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'k')
			exit(line_pty_print_kinds());
		else if (option == 'm')
			mains = true;
		else if (option == 'l')
			limit_s = atoi(optarg);
		else if (option == 'c')
			charge_pct = atoi(optarg);
		else if (option == 'f')
			from = atoi(optarg);
		else if (option == 't')
			trouble_ms = atoi(optarg);
		else if (option == 'w')
			way = line_way_find(optarg);
		if (option == '?' || way < 0)
			words_die(NULL, "bad option\n%s", usage);
	}
	if (argc - optind != 2 || !line_fake_find(argv[optind]))
		words_die(NULL, "a kind and a path are needed\n%s", usage);
	line_fake_start(fake, line_fake_find(argv[optind]));
	pty->path = argv[optind + 1];
	pty->say.start_ms = now_ms();
	pty->until_ms = pty->say.start_ms + 1000LL * limit_s;
	line_fake_feel(fake, mains, charge_pct);
	fake->told = peer_say_told;
	fake->arg = &pty->say;
	fake->way = (enum line_fake_way)way;
	fake->way_from = from;
	fake->trouble_ms = trouble_ms;
}

int main(int argc, char **argv)
{
	struct line_pty *pty = calloc(1, sizeof(*pty));

	if (!pty)
		words_die(NULL, "out of memory");
	line_pty_take_options(pty, argc, argv);
	line_pty_start(pty);
	peer_say(&pty->say, "ready");
	line_pty_run(pty);
	peer_say_end(&pty->say, &pty->fake);
	(void)unlink(pty->path);
	(void)unlink(pty->modem_path);
	line_fake_end(&pty->fake);
	free(pty);
	return 0;
}
