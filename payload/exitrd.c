// SPDX-License-Identifier: MIT
/*
 * The program of the exitrd when it is not process 1: it has no commands.
 * They are in /usr/sbin/lastwatt; here each would only cost memory. That it
 * runs at all is what "lastwatt stage" asks it.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

int cmd_main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		puts("lastwatt " LASTWATT_VERSION);
		return CMD_OK;
	}
	fprintf(stderr,
		"%s: lastwatt " LASTWATT_VERSION
		", the last program of a power-off, which only works as process 1; see lastwatt(8)\n",
		argv[0]);
	return CMD_USAGE;
}
