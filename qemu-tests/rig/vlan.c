// SPDX-License-Identifier: MIT
/* Takes tags off frames, and puts them on. */
#include "vlan.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define VLAN_FRAME_MAX 65536
#define VLAN_MACS_LEN  12
#define VLAN_TAG_LEN   4
#define VLAN_TYPE      0x8100
#define VLAN_ID_MASK   0x0fff

static int vlan_word(const uint8_t *bytes)
{
	return bytes[0] << 8 | bytes[1];
}

static void vlan_take_off(const struct vlan *vlan, uint8_t *frame, size_t len)
{
	uint8_t *tag = frame + VLAN_MACS_LEN;
	const size_t head = VLAN_MACS_LEN + VLAN_TAG_LEN;

	if (len < head || vlan_word(tag) != VLAN_TYPE ||
	    (vlan_word(tag + 2) & VLAN_ID_MASK) != vlan->id)
		return;
	memmove(tag, frame + head, len - head);
	/* What does not fit any more is lost, as on a switch. */
	(void)!send(vlan->far, frame, len - VLAN_TAG_LEN, MSG_DONTWAIT);
}

static void vlan_put_on(const struct vlan *vlan, uint8_t *frame, size_t len)
{
	uint8_t *tag = frame + VLAN_MACS_LEN;

	if (len < VLAN_MACS_LEN)
		return;
	memmove(tag + VLAN_TAG_LEN, tag, len - VLAN_MACS_LEN);
	tag[0] = VLAN_TYPE >> 8;
	tag[1] = VLAN_TYPE & 0xff;
	tag[2] = (uint8_t)(vlan->id >> 8);
	tag[3] = (uint8_t)vlan->id;
	(void)!send(vlan->near, frame, len + VLAN_TAG_LEN, MSG_DONTWAIT);
}

void vlan_carry(const struct vlan *vlan)
{
	static uint8_t frame[VLAN_FRAME_MAX];
	ssize_t len;

	while ((len = recv(vlan->near, frame, sizeof(frame), MSG_DONTWAIT)) > 0)
		vlan_take_off(vlan, frame, (size_t)len);
	while ((len = recv(vlan->far, frame, sizeof(frame) - VLAN_TAG_LEN,
			   MSG_DONTWAIT)) > 0)
		vlan_put_on(vlan, frame, (size_t)len);
}
