/* SPDX-License-Identifier: MIT */
/* The interrupt pipe: input reports that changed. */
#ifndef RIG_USB_PIPE_H
#define RIG_USB_PIPE_H

#include "usb.h"

/** Let the parser serve the pipe. */
void usb_pipe_start(struct usb *usb);

/** Send every input report that is not as it was sent last. */
void usb_pipe_send(struct usb *usb);

#endif
