// SPDX-License-Identifier: MIT
/* Fuzzes what an APC UPS with Modbus on the USB may say, its descriptor too. */
#include "link/line_fuzz.h"
#include "modbus/apc_usb.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct usb_id id = {
		.vendor_id = APC_USB_VENDOR,
		.product_id = APC_USB_PRODUCT,
	};
	struct apc_usb_reports reports;

	(void)apc_usb_find_reports(bytes, len, &reports);
	line_fuzz_usb("apc_modbus", &id, "", bytes, len);
	return 0;
}
