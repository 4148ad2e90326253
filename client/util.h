/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all of the client stands on: memory that lives as long as one run of a
 * command, and text that grows.
 *
 * Memory: etcdctl runs one command and ends. Whatever a command allocates
 * comes from a pool and is freed with it, in one place; so nothing here has an
 * owner to be remembered, and leaving early leaks nothing.
 */
#ifndef CLIENT_UTIL_H
#define CLIENT_UTIL_H

#include <protobuf-c/protobuf-c.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct pool_block;

/* A pool of memory. Used by one thread at a time. */
struct pool {
	struct pool_block *blocks;
	/* hand this to protobuf-c, and what it unpacks lives in the pool */
	ProtobufCAllocator protobuf;
};

/* pool_init makes an empty pool of *p. Ownership: the caller ends it with
 * pool_free(). p must not be moved: p->protobuf points at it. */
void pool_init(struct pool *p);

/* pool_free frees all that was allocated from p. */
void pool_free(struct pool *p);

/* pool_alloc returns size zeroed bytes, aligned for anything. Out of memory
 * ends the program. */
void *pool_alloc(struct pool *p, size_t size);

/* pool_grow returns a zero-extended copy of the old_size bytes at old, with
 * room for new_size. The old bytes stay where they are, until pool_free(). */
void *pool_grow(struct pool *p, const void *old, size_t old_size, size_t new_size);

/* pool_strndup returns a NUL-terminated copy of the len bytes at s. */
char *pool_strndup(struct pool *p, const char *s, size_t len);

/* pool_printf returns the text that printf would print. */
char *pool_printf(struct pool *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* pool_vprintf is pool_printf with the arguments in ap. */
char *pool_vprintf(struct pool *p, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* pool_bytes returns the bytes of the C string s, without its NUL; not a copy. */
ProtobufCBinaryData pool_bytes(const char *s);

/* Text that grows, in a pool. data is NUL-terminated; len does not count that
 * NUL, and there may be others before it. */
struct text {
	struct pool *pool;
	char *data;
	size_t len;
	size_t cap;
};

/* text_init makes *t empty, with memory from p. */
void text_init(struct text *t, struct pool *p);

/* text_add appends len bytes. */
void text_add(struct text *t, const void *data, size_t len);

/* text_puts appends the C string s. */
void text_puts(struct text *t, const char *s);

/* text_putc appends one byte. */
void text_putc(struct text *t, char c);

/* text_printf appends what printf would print. */
void text_printf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
