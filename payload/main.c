// SPDX-License-Identifier: MIT
/*
 * lastwatt: as PID 1 the last program of this boot, otherwise a command of
 * the running system.
 */
#include <unistd.h>

#include "cmd/cmd.h"
#include "pid1/stages.h"

int main(int argc, char **argv)
{
	if (getpid() == 1)
		stages_run(argc, argv); /* does not return */
	return cmd_main(argc, argv);
}
