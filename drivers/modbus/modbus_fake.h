/* SPDX-License-Identifier: MIT */
/*
 * Modbus UPSes in memory: a file of registers, and for each device what it
 * does when one is written. The same ones are on lines (line_fake_kind) and on
 * TCP (net_fake_kind), under the same names.
 */
#ifndef MODBUS_MODBUS_FAKE_H
#define MODBUS_MODBUS_FAKE_H

#include "link/line_fake.h"
#include "link/net_fake.h"
#include "link/registers.h"
#include "link/usb_fake.h"

#define MODBUS_FAKE_CELLS  256
#define MODBUS_FAKE_WRITES 32
#define MODBUS_FAKE_FRAME  260

struct modbus_fake_cell {
	enum registers_table table;
	uint16_t address, value;
};

struct modbus_fake {
	const struct modbus_fake_device *device;
	struct line_fake *ups;
	int cells;
	struct modbus_fake_cell cell[MODBUS_FAKE_CELLS];
	/* What is wrong with it. */
	bool forgets;    /* acknowledges what is written, and does nothing */
	bool is_stale;   /* each answer on a line is the one before */
	bool is_swapped; /* apc: wants the low word first */
	bool stays;      /* apc: a command that is pending refuses others */
	int other_unit;  /* it answers as that one, if not 0 */
	int refusal;     /* the exception for what is written */
	int refused;     /* ... at this address, 0: at all */
	int refusals;    /* ... so often, 0: always */
	int drops;       /* questions that it does not hear */
	/* What was written, in order. */
	int writes;
	struct {
		uint8_t function;
		uint16_t address, value; /* of a block the first one */
	} write[MODBUS_FAKE_WRITES];
	bool chatters; /* on the USB: other reports go before the answer */
	size_t said;   /* ... of the answer that is held */
	/* The line, and the stream. */
	size_t len, held_len;
	uint8_t frame[MODBUS_FAKE_FRAME], held[MODBUS_FAKE_FRAME];
};

/** One sort of device. */
struct modbus_fake_device {
	const char *name;
	int unit;
	unsigned int functions; /* a bit for each that it knows */
	const struct modbus_fake_cell *cell;
	int cells;
	/** Bring the registers that are alive up to date. Optional. */
	void (*refresh)(struct modbus_fake *fake);
	/**
	 * @count were written at @address; 0, or the exception. Optional.
	 */
	int (*written)(struct modbus_fake *fake, enum registers_table table,
		       int address, int count);
};

/** A register of it, which has to be there. */
uint16_t *modbus_fake_at(struct modbus_fake *fake, enum registers_table table,
			 int address);

/** A holding register of it, which has to be there. */
uint16_t *modbus_fake_holding(struct modbus_fake *fake, int address);

/* For tables of devices. */
#define MODBUS_FAKE_FUNCTION(number) (1u << (number))
#define MODBUS_FAKE_COUNT(cell)      ((int)(sizeof(cell) / sizeof((cell)[0])))
#define MODBUS_FAKE_HOLDING(address, value)       \
	{                                         \
		REGISTERS_HOLDING, address, value \
	}

/* Five registers that hold nothing of interest. */
#define MODBUS_FAKE_BLANKS(address)                                             \
	MODBUS_FAKE_HOLDING(address, 0), MODBUS_FAKE_HOLDING((address) + 1, 0), \
		MODBUS_FAKE_HOLDING((address) + 2, 0),                          \
		MODBUS_FAKE_HOLDING((address) + 3, 0),                          \
		MODBUS_FAKE_HOLDING((address) + 4, 0)

/**
 * The answer to a question, both from the unit on and without a checksum;
 * returns its length, 0 for none.
 */
size_t modbus_fake_answer(struct modbus_fake *fake, const uint8_t *question,
			  size_t len, uint8_t *answer);

extern const struct modbus_fake_device modbus_fake_apc, modbus_fake_huawei,
	modbus_fake_adelsystem, modbus_fake_must, modbus_fake_rio,
	modbus_fake_netman, modbus_fake_tripplite;

/** Make @fake the one called @name. */
void modbus_fake_set_up(struct modbus_fake *fake, const char *name,
			struct line_fake *ups);

extern const struct usb_fake_kind modbus_fake_usb_kind;

/** Of a name, on a line and on TCP; they are there. */
const struct line_fake_kind *modbus_fake_line(const char *name);
const struct net_fake_kind *modbus_fake_net(const char *name);

#endif
