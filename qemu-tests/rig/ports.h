/* SPDX-License-Identifier: MIT */
/* The machine's ports, whatever a UPS is plugged into. */
#ifndef RIG_PORTS_H
#define RIG_PORTS_H

#include "bench.h"

/** Give UPS @i what its cable needs. Dies on nonsense. */
void port_make(struct bench *bench, int i);

/** What QEMU has to offer for it. */
enum vm_port port_kind(const struct bench *bench, int i);

/** The other end of @fd is a new QEMU. Takes @fd. */
void port_start(struct bench *bench, int i, int fd);
void port_stop(struct bench *bench, int i);

/** To wait for; -1: nobody is there. */
int port_fd(const struct bench *bench, int i);
int64_t port_next_ms(const struct bench *bench, int i);

/** Take what has come; it stops when QEMU has gone. */
void port_read(struct bench *bench, int i);

/** Send what is due. */
void port_tick(struct bench *bench, int i);

#endif
