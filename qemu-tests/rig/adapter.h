/* SPDX-License-Identifier: MIT */
/*
 * A USB serial adapter with all modem lines, as FTDI's FT232BM: QEMU's own has
 * none behind a socket. Facts: Linux, drivers/usb/serial/ftdi_sio.h.
 */
#ifndef RIG_ADAPTER_H
#define RIG_ADAPTER_H

#include "line.h"
#include "usb.h"

/** Make @usb an adapter, with @line at its other side. */
void adapter_make(struct usb *usb, struct line *line);

#endif
