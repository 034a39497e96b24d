// SPDX-License-Identifier: MIT
/* Writes and reads rtnetlink's messages. */
#include "link/netlink.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* The kernel answers at once; this only keeps us from waiting for ever. */
#define NETLINK_WAIT_MS     1000
#define NETLINK_ANSWER_MAX  16384
#define NETLINK_ANSWERS_MAX 256

void *netlink_start(struct netlink_message *message, uint16_t type,
		    uint16_t flags, size_t len)
{
	memset(message, 0, sizeof(*message));
	message->header.nlmsg_type = type;
	message->header.nlmsg_flags = NLM_F_REQUEST | flags;
	message->header.nlmsg_len = (uint32_t)NLMSG_LENGTH(len);
	return NLMSG_DATA(&message->header);
}

void netlink_put(struct netlink_message *message, uint16_t type,
		 const void *value, size_t len)
{
	uint32_t at = NLMSG_ALIGN(message->header.nlmsg_len);
	struct rtattr *attribute = (void *)(message->bytes + at);

	if (at + RTA_SPACE(len) > sizeof(message->bytes)) {
		message->header.nlmsg_len = UINT32_MAX;
		return;
	}
	attribute->rta_type = type;
	attribute->rta_len = (uint16_t)RTA_LENGTH(len);
	if (len > 0)
		memcpy(RTA_DATA(attribute), value, len);
	message->header.nlmsg_len = at + (uint32_t)RTA_LENGTH(len);
}

struct rtattr *netlink_start_nest(struct netlink_message *message, uint16_t type)
{
	uint32_t at = NLMSG_ALIGN(message->header.nlmsg_len);

	netlink_put(message, type, NULL, 0);
	return message->header.nlmsg_len == UINT32_MAX
		       ? NULL
		       : (void *)(message->bytes + at);
}

void netlink_end_nest(struct netlink_message *message, struct rtattr *nest)
{
	if (nest && message->header.nlmsg_len != UINT32_MAX)
		nest->rta_len =
			(uint16_t)(message->bytes + message->header.nlmsg_len -
				   (uint8_t *)nest);
}

int netlink_open(void)
{
	const struct timeval wait = {
		.tv_sec = NETLINK_WAIT_MS / 1000,
		.tv_usec = NETLINK_WAIT_MS % 1000 * 1000,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd >= 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait,
				 sizeof(wait));
	return fd;
}

/** Returns 1 at the end of the answer, 0 to go on, or what @hear said. */
static int netlink_hear(const struct nlmsghdr *answer,
			int (*hear)(void *arg, const struct nlmsghdr *answer),
			void *arg)
{
	const struct nlmsgerr *error = NLMSG_DATA(answer);

	switch (answer->nlmsg_type) {
	case NLMSG_DONE:
		return 1;
	case NLMSG_ERROR:
		if (answer->nlmsg_len < NLMSG_LENGTH(sizeof(error->error)))
			return -EPROTO;
		return error->error ? error->error : 1;
	default:
		return hear ? hear(arg, answer) : 0;
	}
}

int netlink_ask(int fd, struct netlink_message *message,
		int (*hear)(void *arg, const struct nlmsghdr *answer), void *arg)
{
	union {
		struct nlmsghdr header;
		uint8_t bytes[NETLINK_ANSWER_MAX];
	} answer;
	bool is_dump = message->header.nlmsg_flags & NLM_F_DUMP;
	uint16_t acknowledged = message->header.nlmsg_flags & NLM_F_ACK;

	if (message->header.nlmsg_len > sizeof(message->bytes))
		return -E2BIG;
	message->header.nlmsg_seq++;
	if (send(fd, message, message->header.nlmsg_len, 0) < 0)
		return -errno;
	for (int i = 0; i < NETLINK_ANSWERS_MAX; i++) {
		ssize_t len = recv(fd, &answer, sizeof(answer), 0);
		const struct nlmsghdr *at = &answer.header;

		if (len < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		for (; NLMSG_OK(at, len); at = NLMSG_NEXT(at, len)) {
			int ret;

			if (at->nlmsg_seq != message->header.nlmsg_seq)
				continue; /* of an earlier question */
			ret = netlink_hear(at, hear, arg);
			if (ret != 0)
				return ret == 1 && at->nlmsg_type <= NLMSG_DONE
					       ? 0
					       : ret;
			if (!is_dump && !acknowledged)
				return 0;
		}
	}
	return -EPROTO;
}

int netlink_order(int fd, struct netlink_message *message)
{
	message->header.nlmsg_flags |= NLM_F_ACK;
	return netlink_ask(fd, message, NULL, NULL);
}

static const void *netlink_search(const struct rtattr *at, size_t len,
				  uint16_t type, size_t least)
{
	for (; RTA_OK(at, len); at = RTA_NEXT(at, len)) {
		if ((at->rta_type & NLA_TYPE_MASK) == type &&
		    RTA_PAYLOAD(at) >= least)
			return RTA_DATA(at);
	}
	return NULL;
}

const void *netlink_find(const struct nlmsghdr *answer, size_t body,
			 uint16_t type, size_t least)
{
	size_t from = NLMSG_LENGTH(NLMSG_ALIGN(body));

	if (answer->nlmsg_len < from)
		return NULL;
	return netlink_search((const void *)((const uint8_t *)answer + from),
			      answer->nlmsg_len - from, type, least);
}

size_t netlink_len(const void *value)
{
	const struct rtattr *attribute =
		(const void *)((const uint8_t *)value - RTA_LENGTH(0));

	return RTA_PAYLOAD(attribute);
}

const void *netlink_find_nested(const void *nest, uint16_t type, size_t least)
{
	return nest ? netlink_search(nest, netlink_len(nest), type, least)
		    : NULL;
}
