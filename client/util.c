/* SPDX-License-Identifier: Apache-2.0 */
#include "client/util.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_BLOCK = 4096 };

struct pool_block {
	struct pool_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) char data[];
};

static void *pool_protobuf_alloc(void *pool, size_t size)
{
	return pool_alloc(pool, size);
}

static void pool_protobuf_free(void *pool, void *data)
{
	(void)pool;
	(void)data; /* goes with the pool */
}

void pool_init(struct pool *p)
{
	*p = (struct pool){
		.protobuf = {pool_protobuf_alloc, pool_protobuf_free, p},
	};
}

void pool_free(struct pool *p)
{
	struct pool_block *next;

	for (struct pool_block *b = p->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	p->blocks = NULL;
}

static struct pool_block *pool_block_new(size_t size)
{
	struct pool_block *b = NULL;

	if (size < SIZE_MAX / 2)
		b = calloc(1, sizeof(*b) + size);
	if (!b) {
		fputs("etcdctl: out of memory\n", stderr);
		abort();
	}
	b->size = size;
	return b;
}

void *pool_alloc(struct pool *p, size_t size)
{
	struct pool_block *b = p->blocks;
	size_t align = alignof(max_align_t);
	void *mem;

	if (size < SIZE_MAX / 2)
		size = (size + align - 1) / align * align;
	if (!b || b->size - b->used < size) {
		b = pool_block_new(size > POOL_BLOCK ? size : POOL_BLOCK);
		b->next = p->blocks;
		p->blocks = b;
	}
	mem = b->data + b->used;
	b->used += size;
	return mem;
}

void *pool_grow(struct pool *p, const void *old, size_t old_size, size_t new_size)
{
	void *mem = pool_alloc(p, new_size);

	if (old_size)
		memcpy(mem, old, old_size);
	return mem;
}

char *pool_strndup(struct pool *p, const char *s, size_t len)
{
	char *copy = pool_alloc(p, len + 1);

	memcpy(copy, s, len);
	return copy;
}

char *pool_vprintf(struct pool *p, const char *fmt, va_list ap)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	s = pool_alloc(p, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *pool_printf(struct pool *p, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = pool_vprintf(p, fmt, ap);
	va_end(ap);
	return s;
}

ProtobufCBinaryData pool_bytes(const char *s)
{
	return (ProtobufCBinaryData){strlen(s), (uint8_t *)s};
}

void text_init(struct text *t, struct pool *p)
{
	*t = (struct text){.pool = p};
	text_add(t, "", 0);
}

void text_add(struct text *t, const void *data, size_t len)
{
	if (len >= t->cap - t->len || !t->data) {
		size_t cap = t->cap + len + 64;

		cap += t->cap; /* at least doubles */
		t->data = pool_grow(t->pool, t->data, t->len, cap);
		t->cap = cap;
	}
	if (len)
		memcpy(t->data + t->len, data, len);
	t->len += len;
	t->data[t->len] = '\0';
}

void text_puts(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void text_putc(struct text *t, char c)
{
	text_add(t, &c, 1);
}

void text_printf(struct text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_puts(t, pool_vprintf(t->pool, fmt, ap));
	va_end(ap);
}
