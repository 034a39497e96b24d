/* SPDX-License-Identifier: MIT */
/*
 * The switch between the machine's network card and the rest: what is tagged
 * for this VLAN goes through, without its tag, and nothing else does.
 */
#ifndef RIG_VLAN_H
#define RIG_VLAN_H

struct vlan {
	int id;   /* 0: there is none */
	int near; /* datagrams: frames of the machine */
	int far;  /* frames of everybody else */
};

/** Carry what waits. */
void vlan_carry(const struct vlan *vlan);

#endif
