/* SPDX-License-Identifier: MIT */
/*
 * What a UPS is to us, and the contract of every driver.
 *
 * Errors are 0 or a negative errno. Each has one meaning here:
 *   -ENODEV      the device is not there (any more)
 *   -EBUSY       somebody else holds it
 *   -EOPNOTSUPP  the device cannot do this at all
 *   -EPROTO      it answered, but nonsense, or refused
 *   -ETIMEDOUT   `until` was reached
 *   -EINVAL      the section says something that cannot be used
 *   -EIO         the transfer failed
 * With every error a driver stores one sentence by ups_fail().
 */
#ifndef BASE_UPS_H
#define BASE_UPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/conf.h"

#define UPS_SENTENCE_MAX 200
#define UPS_NAME_MAX     64
#define UPS_IDENTITY_MAX 192

/** What a UPS can be told to do to its load. */
enum ups_command {
	UPS_RETURN,  /* off after the delay, on again with the mains */
	UPS_STAYOFF, /* off after the delay, and stay off */
	UPS_OFF,     /* off at once */
	UPS_REBOOT,  /* off and on again, mains or not */
};

/** How much we know about a command that was given. */
enum ups_proof {
	UPS_SENT,     /* the device acknowledged the transfer, no more */
	UPS_VERIFIED, /* the device shows it: countdown or status bit */
};

enum ups_mains {
	UPS_MAINS_UNKNOWN,
	UPS_MAINS_PRESENT,
	UPS_MAINS_ABSENT,
};

#define UPS_UNKNOWN_S (-1)

/** A cut: what is wanted, and what became of it. */
struct ups_cut {
	enum ups_command wanted; /* in */
	/** in, for fleet_cut(): the section's sdcommands go before wanted */
	bool by_section;
	/** in: nothing else will do, -EOPNOTSUPP if it cannot be given */
	bool exact;
	/**
	 * in, to rehearse: only what goes off after so many seconds at least,
	 * and what cancel() stops and is seen to stop. Else -EOPNOTSUPP, and
	 * nothing was commanded. 0: no rehearsal.
	 */
	int least_s;
	enum ups_command given; /* out, valid when cut() returned 0 */
	enum ups_proof proof;   /* out */
	int off_after_s;        /* out: granted, or UPS_UNKNOWN_S */
	int on_after_s;         /* out: granted, or UPS_UNKNOWN_S */
	char how[64];           /* out: the path taken, for people */
};

struct ups_status {
	enum ups_mains mains;
	bool battery_low;
	int off_after_s; /* running countdown, UPS_UNKNOWN_S */
};

/** The bit of a command in ups_found.commands. */
#define UPS_CAN(command) (1u << (command))

/** A device that looks like a UPS. */
struct ups_found {
	char who[UPS_SENTENCE_MAX]; /* maker, model, place: one line */
	const char *family;         /* whose commands it is given, or NULL */
	unsigned int commands;      /* UPS_CAN() of those that it offers */
	int step_s;                 /* of its off delay, or UPS_UNKNOWN_S */
	enum ups_mains mains;
	char problem[UPS_SENTENCE_MAX]; /* a sentence, or "" */
	char keys[512]; /* lines that mean it in ups.conf, after the port */
};

struct ups;

/** One protocol. Const, static, registered by UPS_DRIVER(). */
struct ups_driver {
	const char *name;    /* as `lastwatt list` shows it */
	const char *summary; /* one line for people */
	/** The names in `driver = …` it answers to, NULL at the end. */
	const char *const *nut_names;
	size_t state_size; /* bytes at ups->state, zeroed */
	/**
	 * It is a program of somebody else that open(), cut() and check() run:
	 * no sandbox may keep them from that, and which of sdcommands is given
	 * is that program's own affair. Such a driver comes after all others.
	 */
	bool is_foreign;
	/** cut() heeds cut->least_s; it needs a cancel() and a status(). */
	bool rehearses;
	/**
	 * Does it answer to `driver = @nut_name` here and now, which is none of
	 * its nut_names? Optional, and only for one that is foreign.
	 */
	bool (*answers)(const char *nut_name);
	/**
	 * The keys of a section that it knows beside those of every driver and
	 * of NUT's (payload/cmd/check_known.c has them), NULL at the end.
	 * Optional.
	 */
	const char *const *keys;

	/**
	 * Find the device of this section and learn all that cut() will need:
	 * after open() a cut is computed, not looked up. Changes nothing on
	 * the device. The first open() that succeeds writes down in
	 * ups->identity what it found; one that finds something there looks
	 * for that device again, wherever it is now and whatever the section
	 * says of its place. Mandatory.
	 */
	int (*open)(struct ups *ups, deadline_t until);

	/**
	 * Command it: walk the ladder of this family for cut->wanted until a
	 * rung is accepted, verify where the device can show it, and fill in
	 * what was granted. With cut->exact only rungs that do just that.
	 * Safe to repeat. Mandatory.
	 */
	int (*cut)(struct ups *ups, struct ups_cut *cut, deadline_t until);

	/** Read what it says now. Changes nothing. Optional. */
	int (*status)(struct ups *ups, struct ups_status *status,
		      deadline_t until);

	/**
	 * Stop a running countdown. Returns 1 when the device itself said yes,
	 * 0 when it did not say no, and shows no countdown if it can show one.
	 * Optional.
	 */
	int (*cancel)(struct ups *ups, deadline_t until);

	/**
	 * Tell @found of every device that looks like a UPS to this driver,
	 * as far as that shows without taking one from whoever uses it.
	 * Changes nothing. Optional.
	 */
	int (*scan)(void (*found)(void *arg, const struct ups_found *found),
		    void *arg, deadline_t until);

	/**
	 * Write the name or address of the host that the section means to
	 * @host. -ENOENT when it means none. Optional: for what is reached
	 * over a network, so that the way to it can be remembered.
	 */
	int (*find_host)(const struct ups *ups, char *host, size_t size);

	/**
	 * Before it matters: would open() find the device of this section, and
	 * that one only, and what would cut() be granted? Looks as scan() does
	 * and fills in @found, but for its keys, and @cut as far as that shows
	 * without writing. Also -EINVAL when it is ambiguous, -EOPNOTSUPP when
	 * it cannot be commanded, -EBUSY when it is there and somebody holds
	 * it, so that nothing more can be told. ups->state is NULL. Optional.
	 */
	int (*check)(struct ups *ups, struct ups_found *found,
		     struct ups_cut *cut, deadline_t until);

	/** Let go of the device; never stops a countdown. Mandatory. */
	void (*close)(struct ups *ups);
};

/** One UPS of this machine: a section of ups.conf and its open device. */
struct ups {
	const struct ups_driver *driver;
	const struct conf *conf;
	int section;                    /* of conf */
	const char *name;               /* of the section */
	void *state;                    /* the driver's own */
	char problem[UPS_SENTENCE_MAX]; /* set by ups_fail() */
	/**
	 * What the device was, in the driver's own words; "" until it was
	 * opened. Outlives ->state, which is zeroed before it is opened again.
	 */
	char identity[UPS_IDENTITY_MAX];
	/**
	 * Set with -EPROTO by whoever got an answer that is neither a yes nor
	 * a no that he knows: what was commanded may have been heard.
	 */
	bool in_doubt;
	/** Cuts that ended in -EIO: a second carrier may be worth a try. */
	int failures;
	/**
	 * Set by whoever checks a configuration: open() refuses with -EINVAL
	 * what is ambiguous. Else it takes the first that fits and notes it,
	 * for at the end a cut is better than none.
	 */
	bool strict;
	/**
	 * Set by whoever has tried ours in vain: open it with the foreign
	 * driver, although one of ours answers.
	 */
	bool last_resort;
	/** Set by whoever wants no more of status() than that. */
	bool mains_only;
	/** Something worth saying that is no failure; may be NULL. */
	void (*note)(void *arg, const char *sentence);
	void *note_arg;
};

/** The value of @key in the UPS's section, "" for a flag, NULL if absent. */
const char *ups_value(const struct ups *ups, const char *key);

/**
 * A whole number from the section, read as NUT does (atoi: garbage is 0),
 * @missing if the key is absent. Clamped to @min … @max with a note.
 */
int ups_number(struct ups *ups, const char *key, int missing, int min, int max);

/** Store the sentence why, without newline, and return @error. */
int ups_fail(struct ups *ups, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** That sentence without the "[name] ", for one that names the UPS already. */
const char *ups_why(const struct ups *ups);

/**
 * What the order amounts to that is going to be sent: cut->given. Before
 * anything is changed, for -EOPNOTSUPP means that cut->exact forbids it.
 */
int ups_give(struct ups *ups, struct ups_cut *cut, enum ups_command given);

/** The same of one that goes off after @off_s, for who heeds cut->least_s. */
int ups_give_after(struct ups *ups, struct ups_cut *cut, enum ups_command given,
		   int off_s);

/** There is nothing that goes off so late and can be taken back. */
int ups_spare(struct ups *ups, const struct ups_cut *cut);

/** Say something that is no failure. */
void ups_note(struct ups *ups, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

const char *ups_command_name(enum ups_command command);

/*
 * Drivers register themselves: the linker collects the pointers. A unit test
 * compares `lastwatt list` with the configuration, for a linker can lose them
 * silently.
 */
#define UPS_DRIVER(driver)                                           \
	static const struct ups_driver *const ups_driver_of_##driver \
		__attribute__((used, section("ups_drivers"))) = &(driver)

#endif
