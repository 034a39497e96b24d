/* SPDX-License-Identifier: MIT */
/* Lays the scenario's files over the root, and loads kernel modules. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init.h"

static void lay_file(const char *from, const char *to, mode_t mode)
{
	char bytes[65536];
	struct stat old;
	/* Who could read the file before shall be able to read it now. */
	bool keep_owner = !lstat(to, &old) && S_ISREG(old.st_mode);
	ssize_t len;
	int in, out;

	(void)unlink(to);
	in = open(from, O_RDONLY | O_CLOEXEC);
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (in < 0 || out < 0)
		give_up(to);
	while ((len = read(in, bytes, sizeof(bytes))) > 0)
		if (write(out, bytes, (size_t)len) != len)
			give_up(to);
	if (keep_owner && fchown(out, old.st_uid, old.st_gid))
		give_up(to);
	(void)fchmod(out, mode);
	close(in);
	close(out);
}

static void lay_link(const char *from, const char *to)
{
	char target[PATH_MAX];
	ssize_t len = readlink(from, target, sizeof(target) - 1);

	if (len < 0)
		give_up(from);
	target[len] = '\0';
	(void)unlink(to);
	if (symlink(target, to))
		give_up(to);
}

void lay_tree(const char *from, const char *to)
{
	char in[PATH_MAX], out[PATH_MAX];
	struct dirent *entry;
	struct stat stat;
	DIR *dir = opendir(from);

	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(in, sizeof(in), "%s/%s", from, entry->d_name);
		snprintf(out, sizeof(out), "%s/%s", to, entry->d_name);
		if (lstat(in, &stat))
			give_up(in);
		if (S_ISDIR(stat.st_mode)) {
			if (mkdir(out, stat.st_mode & 07777) && errno != EEXIST)
				give_up(out);
			lay_tree(in, out);
		} else if (S_ISLNK(stat.st_mode)) {
			lay_link(in, out);
		} else {
			lay_file(in, out, stat.st_mode & 07777);
		}
	}
	if (dir)
		closedir(dir);
}

/* As modprobe: what the command line has for a module, "name.option=…". */
static void find_options(const char *module, char *options, size_t size)
{
	size_t len = strcspn(module, ".");
	char cmdline[4096] = "", *word, *rest;
	FILE *file = fopen("/proc/cmdline", "re");

	*options = '\0';
	if (file && fgets(cmdline, sizeof(cmdline), file))
		cmdline[strcspn(cmdline, "\n")] = '\0';
	if (file)
		fclose(file);
	for (word = strtok_r(cmdline, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		if (strncmp(word, module, len + 1) == 0)
			snprintf(options + strlen(options),
				 size - strlen(options), "%s ", word + len + 1);
	}
}

void load_modules(void)
{
	char line[256], path[300], options[256];
	FILE *order = fopen("/modules/order", "re");
	int fd;

	while (order && fgets(line, sizeof(line), order)) {
		line[strcspn(line, "\n")] = '\0';
		snprintf(path, sizeof(path), "/modules/%s", line);
		find_options(line, options, sizeof(options));
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 ||
		    (syscall(SYS_finit_module, fd, options, 0) &&
		     errno != EEXIST &&
		     errno != ENODEV)) /* of hardware that is not there */
			say("%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
	}
	if (order)
		fclose(order);
}
