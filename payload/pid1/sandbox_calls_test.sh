#!/bin/bash
# SPDX-License-Identifier: MIT
# What drivers and their libraries take from the C library. A function that is
# new here makes system calls that a keeper's filter may not know: look into
# sandbox_filter.c and sandbox_test.c, then add it to the list. Its last line is
# of libmodbus, whose own ways to a device are not used (link/registers.c). With
# clang (CC=clang) the list is the same, but for bcmp, its name for memcmp.
set -u

known=$(tr -s ' \n' '\n' <<'END' | sort -u
abort accept access asprintf atoi atol atoll bcmp bind calloc cfsetispeed cfsetospeed
clock_gettime clock_nanosleep close closedir connect eventfd explicit_bzero
fcntl flock fork
free freeaddrinfo fstat getaddrinfo getpeername getrandom getsockname
getsockopt htonl htons inet_ntop inet_pton ioctl isalnum isalpha isblank iscntrl
isdigit isgraph isprint ispunct isspace isxdigit kill libusb_* lseek malloc
memchr memcmp memcpy memmove memset mkdir mknod mmap munmap nanosleep open
opendir pipe poll pthread_* qsort read readdir readlink realloc realpath recv
recvfrom recvmsg send sendmsg sendto setsockopt shutdown snprintf socket
stat statfs strcasecmp strcat strchr strcmp strcpy strcspn strdup strerror
strlen strncasecmp strncat strncmp strncpy strnlen strpbrk strrchr strspn strstr
strtok_r strtol strtoul strtoull syscall tcflush tcgetattr tcsetattr timerfd_create
timerfd_settime tolower toupper uname unlink vsnprintf waitpid write
__assert_fail __errno_location __stack_chk_fail _exit _GLOBAL_OFFSET_TABLE_
__start_ups_drivers __stop_ups_drivers
accept4 listen perror select strlcpy
END
)

list=$(mktemp)
trap 'rm -f "$list"' EXIT
# A keeper that runs NUT's own driver goes without the filter.
find "$BUILD/obj/drivers" -path '*/drivers/nut/*' -prune -o -name '*.o' -print >"$list"
find "$LIBS/payload" -name '*.a' >>"$list"
wanted=$(xargs nm -u 2>/dev/null <"$list" | awk '$1 == "U" { print $2 }' | sort -u)
ours=$(xargs nm --defined-only 2>/dev/null <"$list" | awk 'NF == 3 { print $3 }' | sort -u)
failed=0
while read -r name; do
    case $name in
    libusb_* | pthread_*) continue ;;
    esac
    echo "$name is new: does the filter of keepers allow what it calls?"
    failed=1
done < <(comm -23 <(comm -23 <(echo "$wanted") <(echo "$ours")) <(echo "$known") |
    grep .)
[ -n "$wanted" ] || failed=1
if [ $failed = 0 ]; then
    echo "ok drivers take nothing new from the C library"
else
    echo "not ok drivers take something new from the C library"
fi
exit $failed
