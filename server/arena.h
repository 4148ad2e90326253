/* SPDX-License-Identifier: Apache-2.0 */
/* arena: memory for one request, given back all at once.
 *
 * Unpacking a request and building its answer take many small pieces that die
 * together; bumping a pointer through one block halves the cost of a Put. Also
 * an allocator for protobuf-c: what is unpacked with it is never freed piece by
 * piece. */
#ifndef SERVER_ARENA_H
#define SERVER_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

struct arena {
	struct arena_block *blocks; /* newest first; the oldest is kept for reuse */
	size_t used;                /* bytes of the newest block */
	ProtobufCAllocator protobuf;
};

void arena_init(struct arena *a);
/* arena_alloc gives n bytes, aligned for anything, uninitialized; never NULL. */
void *arena_alloc(struct arena *a, size_t n);
/* arena_calloc is the same for an array of n zeroed things. */
void *arena_calloc(struct arena *a, size_t n, size_t size);
/* arena_reset gives everything back but keeps the first block. */
void arena_reset(struct arena *a);
/* arena_free gives everything back. */
void arena_free(struct arena *a);

#endif
