// SPDX-License-Identifier: MIT
/* Fuzzes what USB bridges may say, each as it packs its answers. */
#include "link/line_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const keys[] = {
		"subdriver = cypress", "subdriver = phoenixtec",
		"subdriver = ippon",   "subdriver = omron",
		"subdriver = gtec",    "subdriver = sgs",
		"subdriver = ablerex", "subdriver = armac",
		"subdriver = fuji",    "subdriver = fabula",
		"subdriver = hunnox",
	};
	static const struct usb_id device = { 0x0665, 0x5161, NULL, NULL };
	size_t which = len > 0 ? bytes[0] % (sizeof(keys) / sizeof(keys[0])) : 0;

	if (len > 0)
		line_fuzz_usb("nutdrv_qx", &device, keys[which], bytes + 1,
			      len - 1);
	return 0;
}
