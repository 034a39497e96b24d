/* SPDX-License-Identifier: MIT */
/*
 * APC's Modbus over USB: two HID reports of 63 bytes, one each way, that carry
 * frames of RTU without their checksum. Sources: APC application note 178;
 * apcupsd, src/drivers/modbus/ModbusUsbComm.cpp.
 */
#ifndef MODBUS_APC_USB_H
#define MODBUS_APC_USB_H

#include "link/bytes.h"

#define APC_USB_VENDOR  0x051d
#define APC_USB_PRODUCT 0x0003
#define APC_USB_IN      0x81
#define APC_USB_OUT     0x01
#define APC_USB_REPORT  64 /* with the ID in front */

/** The reports of a device. */
struct apc_usb_reports {
	uint8_t out_id, in_id;
};

/** Find both in a report descriptor. Returns 0, or -EPROTO if one is not. */
int apc_usb_find_reports(const uint8_t *descriptor, size_t len,
			 struct apc_usb_reports *reports);

/**
 * Open the device that the section means, as usb_pipe_open(); closing the
 * link closes it. Returns 0, or a negative errno with a sentence.
 */
int apc_usb_open(struct ups *ups, struct byte_link **link, deadline_t until);

#endif
