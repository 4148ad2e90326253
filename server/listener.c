/* SPDX-License-Identifier: Apache-2.0 */
#include "server/listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "server/log.h"
#include "server/util.h"

enum { PEEK = 3, EVENTS = 64, BACKLOG = 4096 };

/* A socket that epoll watches: a listening one, or a connection that has not
 * shown its protocol yet. The latter are linked, oldest first. */
struct watched {
	int fd;
	bool listening;
	const struct listener_handlers *handlers;
	struct sockaddr_storage addr;
	socklen_t addr_len;
	uint64_t deadline_ns;
	struct watched *prev, *next;
};

struct listener {
	int epoll, wake;
	pthread_t thread;
	bool running;
	struct watched **sockets; /* the listening ones */
	size_t sockets_len;
	struct listener_handlers **handlers;
	size_t handlers_len;
	struct watched *oldest, *newest; /* undecided connections */
	uint64_t accept_again_ns;        /* out of file descriptors until then */
};

struct listener *listener_new(void)
{
	struct listener *l = xcalloc(1, sizeof *l);

	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (l->epoll < 0 || l->wake < 0)
		log_fatal("cannot make an epoll instance", LOG_STR("error", strerror(errno)));
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = NULL};
	epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->wake, &ev);
	return l;
}

static int bind_one(const struct addrinfo *ai, char *error, size_t error_size, const char *url)
{
	int one = 1, fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		snprintf(error, error_size, "cannot listen on %s: %s", url, strerror(errno));
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (ai->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
		snprintf(error, error_size, "cannot listen on %s: %s", url, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

bool listener_bind(struct listener *l, const struct config_urls *urls,
	const struct listener_handlers *h, char *error, size_t error_size)
{
	struct listener_handlers *copy = xmemdup(h, sizeof *h);

	l->handlers = xrealloc(l->handlers, (l->handlers_len + 1) * sizeof *l->handlers);
	l->handlers[l->handlers_len++] = copy;
	for (size_t i = 0; i < urls->n; i++) {
		struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
					.ai_flags = AI_PASSIVE | AI_NUMERICSERV},
				*list;
		int bound = 0, rc = getaddrinfo(urls->v[i].host, urls->v[i].port, &hints, &list);
		if (rc != 0) {
			snprintf(error, error_size, "cannot listen on %s: %s", urls->texts[i],
				gai_strerror(rc));
			return false;
		}
		for (struct addrinfo *ai = list; ai; ai = ai->ai_next) {
			int fd = bind_one(ai, error, error_size, urls->texts[i]);
			/* localhost is often two addresses, of which a machine may have only one */
			if (fd < 0 && errno == EADDRNOTAVAIL && (ai->ai_next || bound))
				continue;
			if (fd < 0) {
				freeaddrinfo(list);
				return false;
			}
			struct watched *w = xcalloc(1, sizeof *w);
			*w = (struct watched){.fd = fd, .listening = true, .handlers = copy};
			l->sockets =
				xrealloc(l->sockets, (l->sockets_len + 1) * sizeof *l->sockets);
			l->sockets[l->sockets_len++] = w;
			bound++;
		}
		freeaddrinfo(list);
	}
	return true;
}

static void forget(struct listener *l, struct watched *w)
{
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, w->fd, NULL);
	*(w->prev ? &w->prev->next : &l->oldest) = w->next;
	*(w->next ? &w->next->prev : &l->newest) = w->prev;
	free(w);
}

/* Decides what a connection speaks, if it has said enough by now, or if nothing
 * more will come. */
static void look(struct listener *l, struct watched *w, uint32_t events)
{
	char head[PEEK];
	ssize_t n = recv(w->fd, head, sizeof head, MSG_PEEK);
	int fd = w->fd;
	const struct listener_handlers *h = w->handlers;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || (n < PEEK && (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)))) {
		forget(l, w);
		close(fd);
		return;
	}
	if (memcmp(head, "PRI", (size_t)n) != 0) {
		struct sockaddr_storage addr = w->addr;
		socklen_t len = w->addr_len;
		forget(l, w);
		h->http1(h->arg, fd, (struct sockaddr *)&addr, len);
	} else if (n == PEEK) {
		forget(l, w);
		if (h->http2)
			h->http2(h->arg, fd);
		else
			close(fd);
	}
}

static void accept_all(struct listener *l, struct watched *socket)
{
	for (;;) {
		struct watched *w = xcalloc(1, sizeof *w);
		w->addr_len = sizeof w->addr;
		w->fd = accept4(socket->fd, (struct sockaddr *)&w->addr, &w->addr_len,
			SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (w->fd < 0) {
			free(w);
			if (errno == EINTR || errno == ECONNABORTED)
				continue;
			if (errno != EAGAIN) {
				/* Out of file descriptors, most likely: let it rest, rather than
				 * spin. */
				log_warn("cannot accept a connection",
					LOG_STR("error", strerror(errno)));
				l->accept_again_ns = util_mono_ns() + 100000000;
				epoll_ctl(l->epoll, EPOLL_CTL_DEL, socket->fd, NULL);
			}
			return;
		}
		int one = 1;
		setsockopt(w->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		w->handlers = socket->handlers;
		w->deadline_ns = util_mono_ns() + LISTENER_SILENCE_SECONDS * 1000000000ull;
		w->prev = l->newest;
		*(l->newest ? &l->newest->next : &l->oldest) = w;
		l->newest = w;
		/* Edge-triggered: one byte that does not decide must not wake us again and again.
		 */
		struct epoll_event ev = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = w};
		if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, w->fd, &ev) != 0) {
			int fd = w->fd;
			forget(l, w);
			close(fd);
		}
	}
}

static void watch_sockets(struct listener *l)
{
	for (size_t i = 0; i < l->sockets_len; i++) {
		struct epoll_event ev = {.events = EPOLLIN, .data.ptr = l->sockets[i]};
		epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->sockets[i]->fd, &ev);
	}
}

/* Milliseconds until something is due without anybody saying anything. */
static int patience(struct listener *l)
{
	uint64_t now = util_mono_ns(), due = UINT64_MAX;

	if (l->oldest)
		due = l->oldest->deadline_ns;
	if (l->accept_again_ns && l->accept_again_ns < due)
		due = l->accept_again_ns;
	return due == UINT64_MAX ? -1 : due <= now ? 0 : (int)((due - now) / 1000000 + 1);
}

static void *listener_main(void *arg)
{
	struct listener *l = arg;
	struct epoll_event events[EVENTS];

	pthread_setname_np(pthread_self(), "listener");
	watch_sockets(l);
	for (;;) {
		int n = epoll_wait(l->epoll, events, EVENTS, patience(l));
		bool stop = false;
		for (int i = 0; i < n; i++) {
			struct watched *w = events[i].data.ptr;
			if (!w)
				stop = true;
			else if (w->listening)
				accept_all(l, w);
			else
				look(l, w, events[i].events);
		}
		if (stop)
			return NULL;
		uint64_t now = util_mono_ns();
		while (l->oldest && l->oldest->deadline_ns <= now) {
			int fd = l->oldest->fd;
			forget(l, l->oldest);
			close(fd);
		}
		if (l->accept_again_ns && l->accept_again_ns <= now) {
			l->accept_again_ns = 0;
			watch_sockets(l);
		}
	}
}

void listener_start(struct listener *l)
{
	if (pthread_create(&l->thread, NULL, listener_main, l) != 0)
		log_fatal("cannot start a thread");
	l->running = true;
}

void listener_stop(struct listener *l)
{
	if (l->running) {
		uint64_t one = 1;
		ssize_t ignored = write(l->wake, &one, sizeof one);
		(void)ignored;
		pthread_join(l->thread, NULL);
	}
	while (l->oldest) {
		int fd = l->oldest->fd;
		forget(l, l->oldest);
		close(fd);
	}
	for (size_t i = 0; i < l->sockets_len; i++) {
		close(l->sockets[i]->fd);
		free(l->sockets[i]);
	}
	for (size_t i = 0; i < l->handlers_len; i++)
		free(l->handlers[i]);
	free(l->sockets);
	free(l->handlers);
	close(l->epoll);
	close(l->wake);
	free(l);
}
