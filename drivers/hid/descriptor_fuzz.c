// SPDX-License-Identifier: MIT
/* Fuzzes the report descriptor parser, and what walks over its result. */
#include <assert.h>

#include "hid/usages.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_collections(const struct hid_descriptor *descriptor)
{
	assert(descriptor->collections <= HID_COLLECTIONS_MAX);
	for (int i = 0; i < descriptor->collections; i++) {
		uint16_t parent = descriptor->collection[i].parent;

		/* Parents come first: so every path ends. */
		assert(parent == HID_NO_COLLECTION || parent < i);
	}
}

static void check_field(const struct hid_descriptor *descriptor,
			const struct hid_field *field)
{
	uint32_t path[HID_PATH_MAX];
	size_t nodes = hid_path(descriptor, field, path);
	uint32_t bits = descriptor->report_bits[field->type][field->report_id];
	char name[64];

	assert(field->type < REPORT_TYPES);
	assert(field->collection == HID_NO_COLLECTION ||
	       field->collection < descriptor->collections);
	assert(field->bit_size > 0 && field->count > 0);
	assert(field->bit_offset + (uint64_t)field->bit_size * field->count <=
	       bits);
	assert(field->exponent >= -8 && field->exponent <= 7);
	assert(nodes > 0 && nodes <= HID_PATH_MAX);
	assert(path[nodes - 1] == field->usage);
	(void)hid_path_name(path, nodes, name, sizeof(name));
	assert(hid_field_end(field) <=
	       hid_report_len(descriptor, field->type, field->report_id));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct hid_descriptor descriptor;

	/* After an error, what came before it is there and sound. */
	(void)hid_parse(&descriptor, bytes, len);
	check_collections(&descriptor);
	assert(descriptor.fields <= HID_FIELDS_MAX);
	for (int i = 0; i < descriptor.fields; i++)
		check_field(&descriptor, &descriptor.field[i]);
	(void)hid_is_power_device(&descriptor);
	return 0;
}
