// SPDX-License-Identifier: MIT
/* Starts net-snmp's agent. */
#include "agent.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "words.h"

void agent_start(const char *program, const char *conf, const char *out)
{
	char log[1024], kept[1024];
	pid_t pid;

	if (!program)
		words_die(NULL, "%s: there is no --snmpd for it", conf);
	snprintf(log, sizeof(log), "%s/snmpd.log", out);
	snprintf(kept, sizeof(kept), "%s/snmpd", out);
	pid = fork();
	if (pid < 0)
		words_die(NULL, "fork: %s", strerror(errno));
	if (pid)
		return;
	/* Whatever ends the rig ends it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setenv("SNMP_PERSISTENT_DIR", kept, 1);
	setenv("MIBS", "", 1);
	execl(program, program, "-f", "-C", "-c", conf, "-Lf", log, "-I",
	      "-smux", AGENT_ADDRESS, NULL);
	fprintf(stderr, "rig: %s: %s\n", program, strerror(errno));
	_exit(127);
}
