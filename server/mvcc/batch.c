/* SPDX-License-Identifier: Apache-2.0 */
#include "server/mvcc/batch.h"

#include <stdlib.h>
#include <string.h>

#include "server/util.h"

enum {
	CHUNK_BYTES = 64 << 10,
	MIN_SLOTS = 64,
};

struct batch_chunk {
	struct batch_chunk *next;
	size_t used, size;
	unsigned char data[];
};

struct batch *batch_new(void)
{
	struct batch *batch = xcalloc(1, sizeof(*batch));

	batch->refs = 1;
	return batch;
}

struct batch *batch_ref(struct batch *batch)
{
	__atomic_add_fetch(&batch->refs, 1, __ATOMIC_RELAXED);
	return batch;
}

void batch_unref(struct batch *batch)
{
	struct batch_chunk *chunk, *next;

	if (!batch || __atomic_sub_fetch(&batch->refs, 1, __ATOMIC_ACQ_REL))
		return;
	for (chunk = batch->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(batch->ops);
	free(batch->slots);
	free(batch);
}

static unsigned char *take_bytes(struct batch *batch, size_t len)
{
	struct batch_chunk *chunk = batch->chunks;
	unsigned char *p;

	if (!chunk || chunk->size - chunk->used < len) {
		size_t size = len > CHUNK_BYTES ? len : CHUNK_BYTES - sizeof(*chunk);

		chunk = xmalloc(sizeof(*chunk) + size);
		*chunk = (struct batch_chunk){.next = batch->chunks, .size = size};
		batch->chunks = chunk;
	}
	p = chunk->data + chunk->used;
	chunk->used += len;
	batch->bytes += len;
	return p;
}

/* Eight bytes at a time, multiplied and folded: the keys are mostly the 17
 * bytes of a revision, and nobody outside chooses them. */
static uint32_t hash_key(enum backend_bucket bucket, const unsigned char *key, size_t len)
{
	uint64_t h = 0x9e3779b97f4a7c15u * (bucket + 1), word;

	for (; len >= 8; key += 8, len -= 8) {
		memcpy(&word, key, 8);
		h = (h ^ word) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	word = len;
	memcpy((unsigned char *)&word + 1, key, len);
	h = (h ^ word) * 0xc4ceb9fe1a85ec53u;
	return (uint32_t)(h >> 32);
}

/* The slot of a key: where it is, or the free one where it would go. */
static size_t find_slot(const struct batch *batch, uint32_t hash, enum backend_bucket bucket,
	const void *key, size_t key_len)
{
	size_t mask = batch->n_slots - 1, i = hash & mask;

	for (; batch->slots[i]; i = (i + 1) & mask) {
		const struct batch_op *op = &batch->ops[batch->slots[i] - 1];

		if (op->hash == hash && op->bucket == bucket && op->key_len == key_len &&
			memcmp(op->key, key, key_len) == 0)
			break;
	}
	return i;
}

static void grow(struct batch *batch)
{
	if (batch->n == batch->cap) {
		batch->cap = batch->cap ? 2 * batch->cap : MIN_SLOTS / 2;
		batch->ops = xreallocarray(batch->ops, batch->cap, sizeof(batch->ops[0]));
	}
	if (2 * (batch->n + 1) <= batch->n_slots)
		return;
	free(batch->slots);
	batch->n_slots = batch->n_slots ? 2 * batch->n_slots : MIN_SLOTS;
	batch->slots = xcalloc(batch->n_slots, sizeof(batch->slots[0]));
	for (size_t i = 0; i < batch->n; i++) {
		const struct batch_op *op = &batch->ops[i];

		batch->slots[find_slot(batch, op->hash, op->bucket, op->key, op->key_len)] =
			(uint32_t)i + 1;
	}
}

static struct batch_op *append(struct batch *batch, enum backend_bucket bucket, const void *key,
	size_t key_len, size_t value_len)
{
	unsigned char *bytes = take_bytes(batch, key_len + value_len);
	struct batch_op *op;

	if (batch->n == 0)
		batch->first_ns = util_mono_ns();
	grow(batch);
	memcpy(bytes, key, key_len);
	op = &batch->ops[batch->n];
	*op = (struct batch_op){
		.key = bytes,
		.value_len = (uint32_t)value_len,
		.hash = hash_key(bucket, key, key_len),
		.key_len = (uint16_t)key_len,
		.bucket = (uint8_t)bucket,
	};
	batch->slots[find_slot(batch, op->hash, bucket, key, key_len)] = (uint32_t)++batch->n;
	return op;
}

void *batch_put(struct batch *batch, enum backend_bucket bucket, const void *key, size_t key_len,
	size_t value_len)
{
	struct batch_op *op = append(batch, bucket, key, key_len, value_len);

	op->value = op->key + key_len;
	return (void *)(uintptr_t)op->value;
}

void batch_delete(struct batch *batch, enum backend_bucket bucket, const void *key, size_t key_len)
{
	append(batch, bucket, key, key_len, 0);
}

const struct batch_op *batch_find(
	const struct batch *batch, enum backend_bucket bucket, const void *key, size_t key_len)
{
	uint32_t at;

	if (!batch || batch->n == 0)
		return NULL;
	at = batch->slots[find_slot(batch, hash_key(bucket, key, key_len), bucket, key, key_len)];
	return at ? &batch->ops[at - 1] : NULL;
}
