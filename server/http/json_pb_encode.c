/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "server/http/json_pb_internal.h"

static const void *member(const ProtobufCMessage *msg, unsigned offset)
{
	return (const char *)msg + offset;
}

static void put_enum(struct json_text *out, const ProtobufCEnumDescriptor *desc, int32_t v)
{
	const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(desc, v);

	if (value)
		json_text_string(out, value->name, strlen(value->name));
	else
		json_text_i64(out, v);
}

static void put_quoted_u64(struct json_text *out, uint64_t v)
{
	json_text_putc(out, '"');
	json_text_u64(out, v);
	json_text_putc(out, '"');
}

static void put_quoted_i64(struct json_text *out, int64_t v)
{
	json_text_putc(out, '"');
	json_text_i64(out, v);
	json_text_putc(out, '"');
}

/* One value at p. */
static void put_value(struct json_text *out, const ProtobufCFieldDescriptor *f, const void *p)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		json_text_i64(out, *(const int32_t *)p);
		break;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		json_text_u64(out, *(const uint32_t *)p);
		break;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		put_quoted_i64(out, *(const int64_t *)p);
		break;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		put_quoted_u64(out, *(const uint64_t *)p);
		break;
	case PROTOBUF_C_TYPE_BOOL:
		json_text_puts(out, *(const protobuf_c_boolean *)p ? "true" : "false");
		break;
	case PROTOBUF_C_TYPE_ENUM:
		put_enum(out, f->descriptor, *(const int32_t *)p);
		break;
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE: {
		char text[40];
		double v = f->type == PROTOBUF_C_TYPE_FLOAT ? (double)*(const float *)p
							    : *(const double *)p;
		snprintf(text, sizeof text, "%.17g", v);
		json_text_puts(out, text);
		break;
	}
	case PROTOBUF_C_TYPE_STRING: {
		const char *s = *(char *const *)p;
		json_text_string(out, s ? s : "", s ? strlen(s) : 0);
		break;
	}
	case PROTOBUF_C_TYPE_BYTES: {
		const ProtobufCBinaryData *b = p;
		json_text_base64(out, b->data, b->len);
		break;
	}
	case PROTOBUF_C_TYPE_MESSAGE:
		json_pb_encode(*(ProtobufCMessage *const *)p, out);
		break;
	}
}

/* Is the singular field at p what it is when nobody has set it? */
static bool is_zero(const ProtobufCFieldDescriptor *f, const void *p)
{
	static const char zero[8];

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		return !*(char *const *)p || !**(char *const *)p;
	case PROTOBUF_C_TYPE_BYTES:
		return ((const ProtobufCBinaryData *)p)->len == 0;
	case PROTOBUF_C_TYPE_MESSAGE:
		return !*(void *const *)p;
	default:
		return memcmp(p, zero, json_pb_size_of(f->type)) == 0;
	}
}

static void put_name(struct json_text *out, const ProtobufCFieldDescriptor *f, bool *first)
{
	if (!*first)
		json_text_putc(out, ',');
	*first = false;
	json_text_string(out, f->name, strlen(f->name));
	json_text_putc(out, ':');
}

static void put_repeated(
	struct json_text *out, const ProtobufCFieldDescriptor *f, size_t n, const char *items)
{
	json_text_putc(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			json_text_putc(out, ',');
		put_value(out, f, items + i * json_pb_size_of(f->type));
	}
	json_text_putc(out, ']');
}

void json_pb_encode(const ProtobufCMessage *msg, struct json_text *out)
{
	bool first = true;

	json_text_putc(out, '{');
	for (unsigned i = 0; i < msg->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &msg->descriptor->fields[i];
		const void *p = member(msg, f->offset);
		if (f->label == PROTOBUF_C_LABEL_REPEATED) {
			size_t n = *(const size_t *)member(msg, f->quantifier_offset);
			if (n) {
				put_name(out, f, &first);
				put_repeated(out, f, n, *(char *const *)p);
			}
		} else if (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
			/* the one that is set is shown, also if it is zero */
			if (*(const int *)member(msg, f->quantifier_offset) == (int)f->id) {
				put_name(out, f, &first);
				put_value(out, f, p);
			}
		} else if (!is_zero(f, p)) {
			put_name(out, f, &first);
			put_value(out, f, p);
		}
	}
	json_text_putc(out, '}');
}
