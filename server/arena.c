/* SPDX-License-Identifier: Apache-2.0 */
#include "server/arena.h"

#include <stdlib.h>
#include <string.h>

#include "server/util.h"

enum { ARENA_BLOCK = 8192, ARENA_ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t size; /* bytes at data */
	_Alignas(ARENA_ALIGN) unsigned char data[];
};

static void *protobuf_alloc(void *a, size_t n)
{
	return arena_alloc(a, n);
}

static void protobuf_free(void *a, void *p)
{
	(void)a;
	(void)p;
}

void arena_init(struct arena *a)
{
	*a = (struct arena){.protobuf = {protobuf_alloc, protobuf_free, a}};
}

void *arena_alloc(struct arena *a, size_t n)
{
	n = (n + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if (!a->blocks || a->blocks->size - a->used < n) {
		size_t size = n > ARENA_BLOCK ? n : ARENA_BLOCK;
		struct arena_block *b = xmalloc(sizeof *b + size);
		b->size = size;
		b->next = a->blocks;
		a->blocks = b;
		a->used = 0;
	}
	void *p = a->blocks->data + a->used;
	a->used += n;
	return p;
}

void *arena_calloc(struct arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / 2 / size)
		abort();
	void *p = arena_alloc(a, n * size);
	memset(p, 0, n * size);
	return p;
}

void arena_reset(struct arena *a)
{
	while (a->blocks && (a->blocks->next || a->blocks->size > ARENA_BLOCK)) {
		struct arena_block *b = a->blocks;
		a->blocks = b->next;
		free(b);
	}
	a->used = 0;
}

void arena_free(struct arena *a)
{
	arena_reset(a);
	free(a->blocks);
	a->blocks = NULL;
}
