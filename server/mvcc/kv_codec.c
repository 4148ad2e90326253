/* SPDX-License-Identifier: Apache-2.0 */
#include "server/mvcc/kv_codec.h"

#include "server/pbwire.h"

enum {
	KEY = 1,
	CREATE_REVISION,
	MOD_REVISION,
	VERSION,
	VALUE,
	LEASE,
};

static size_t uint_size(int64_t v)
{
	return v ? 1 + pbwire_varint_size((uint64_t)v) : 0;
}

static size_t bytes_size(size_t len)
{
	return len ? 1 + pbwire_varint_size(len) + len : 0;
}

size_t kv_encoded_size(const struct mvcc_kv *kv)
{
	return bytes_size(kv->key_len) + uint_size(kv->create_revision) +
	       uint_size(kv->mod_revision) + uint_size(kv->version) + bytes_size(kv->value_len) +
	       uint_size(kv->lease);
}

static unsigned char *put_uint(unsigned char *p, unsigned number, int64_t v)
{
	return v ? pbwire_put_uint(p, number, (uint64_t)v) : p;
}

static unsigned char *put_bytes(unsigned char *p, unsigned number, const void *data, size_t len)
{
	return len ? pbwire_put_bytes(p, number, data, len) : p;
}

void kv_encode(const struct mvcc_kv *kv, void *out)
{
	unsigned char *p = out;

	p = put_bytes(p, KEY, kv->key, kv->key_len);
	p = put_uint(p, CREATE_REVISION, kv->create_revision);
	p = put_uint(p, MOD_REVISION, kv->mod_revision);
	p = put_uint(p, VERSION, kv->version);
	p = put_bytes(p, VALUE, kv->value, kv->value_len);
	put_uint(p, LEASE, kv->lease);
}

static bool take_field(struct mvcc_kv *kv, const struct pbwire_field *f)
{
	unsigned want = f->number == KEY || f->number == VALUE ? PBWIRE_BYTES : PBWIRE_VARINT;

	if (f->number > LEASE)
		return true;
	if (f->type != want)
		return false;
	switch (f->number) {
	case KEY:
		kv->key = f->data;
		kv->key_len = f->len;
		break;
	case CREATE_REVISION:
		kv->create_revision = (int64_t)f->value;
		break;
	case MOD_REVISION:
		kv->mod_revision = (int64_t)f->value;
		break;
	case VERSION:
		kv->version = (int64_t)f->value;
		break;
	case VALUE:
		kv->value = f->data;
		kv->value_len = f->len;
		break;
	default:
		kv->lease = (int64_t)f->value;
		break;
	}
	return true;
}

bool kv_decode(const void *data, size_t len, struct mvcc_kv *kv)
{
	const unsigned char *p = data, *end = p + len;
	struct pbwire_field f;

	*kv = (struct mvcc_kv){.key = "", .value = ""};
	while (p < end)
		if (!pbwire_next(&p, end, &f) || !take_field(kv, &f))
			return false;
	return kv->key_len > 0;
}
