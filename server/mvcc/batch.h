/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_MVCC_BATCH_H
#define SERVER_MVCC_BATCH_H

/*
 * A batch: puts and deletes in the order they were made, in memory, findable
 * by key. It grows at one end only and bytes in it never move, so pointers
 * into it stay good until the last reference is dropped.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/mvcc/backend.h"

struct batch_op {
	const unsigned char *key;
	const unsigned char *value; /* NULL: the key is deleted */
	uint32_t value_len;
	uint32_t hash;
	uint16_t key_len;
	uint8_t bucket;
};

struct batch_chunk;

struct batch {
	unsigned refs; /* atomic */
	struct batch_op *ops;
	size_t n, cap;
	uint32_t *slots; /* open addressing: index into ops + 1, 0 is free */
	size_t n_slots;  /* a power of two, at least 2 * n */
	struct batch_chunk *chunks;
	size_t bytes;      /* of keys and values */
	uint64_t first_ns; /* util_mono_ns() of the first op */
};

/* batch_new makes an empty one; the caller holds the one reference. */
struct batch *batch_new(void);

struct batch *batch_ref(struct batch *batch);
void batch_unref(struct batch *batch);

/* batch_put appends a put. Returns: where the value_len bytes of the value go. */
void *batch_put(struct batch *batch, enum backend_bucket bucket, const void *key, size_t key_len,
	size_t value_len);

/* batch_delete appends a delete. */
void batch_delete(struct batch *batch, enum backend_bucket bucket, const void *key, size_t key_len);

/* batch_find returns the last op for key, or NULL. */
const struct batch_op *batch_find(
	const struct batch *batch, enum backend_bucket bucket, const void *key, size_t key_len);

#endif
