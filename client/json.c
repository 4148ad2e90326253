/* SPDX-License-Identifier: Apache-2.0 */
#include "client/json.h"

#include <stdbool.h>
#include <string.h>

#include "client/go_text.h"

/* json_rune: the escapes are Go's, which keep a string harmless in HTML. */
static void json_rune(struct text *t, int32_t r)
{
	if (r < 0)
		text_puts(t, "\\ufffd");
	else if (r == '"' || r == '\\')
		text_printf(t, "\\%c", (char)r);
	else if (r == '\n' || r == '\r' || r == '\t')
		text_printf(t, "\\%c", r == '\n' ? 'n' : r == '\r' ? 'r' : 't');
	else if (r < 0x20 || r == '<' || r == '>' || r == '&' || r == 0x2028 || r == 0x2029)
		text_printf(t, "\\u%04x", (unsigned)r);
	else
		go_put_rune(t, r);
}

void json_string(struct text *t, const char *s, size_t len)
{
	int32_t r;

	text_putc(t, '"');
	for (size_t i = 0; i < len;) {
		i += go_rune(s + i, len - i, &r);
		json_rune(t, r);
	}
	text_putc(t, '"');
}

static void json_base64(struct text *t, ProtobufCBinaryData b)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	text_putc(t, '"');
	for (size_t i = 0; i < b.len; i += 3) {
		size_t n = b.len - i;
		uint32_t v = (uint32_t)b.data[i] << 16;

		if (n > 1)
			v |= (uint32_t)b.data[i + 1] << 8;
		if (n > 2)
			v |= b.data[i + 2];
		text_putc(t, digits[v >> 18]);
		text_putc(t, digits[v >> 12 & 63]);
		text_putc(t, n > 1 ? digits[v >> 6 & 63] : '=');
		text_putc(t, n > 2 ? digits[v & 63] : '=');
	}
	text_putc(t, '"');
}

/* json_value appends the value of type type at v. Returns: false, with nothing
 * appended, if it is zero, unless it is an element of a list. */
static bool json_value(struct text *t, ProtobufCType type, const void *v, bool element)
{
	const ProtobufCBinaryData *bytes = v;
	const char *string;

	switch (type) {
	case PROTOBUF_C_TYPE_INT64:
		if (*(const int64_t *)v == 0 && !element)
			return false;
		text_printf(t, "%lld", (long long)*(const int64_t *)v);
		return true;
	case PROTOBUF_C_TYPE_UINT64:
		if (*(const uint64_t *)v == 0 && !element)
			return false;
		text_printf(t, "%llu", (unsigned long long)*(const uint64_t *)v);
		return true;
	case PROTOBUF_C_TYPE_BOOL:
		if (!*(const protobuf_c_boolean *)v && !element)
			return false;
		text_puts(t, *(const protobuf_c_boolean *)v ? "true" : "false");
		return true;
	case PROTOBUF_C_TYPE_STRING:
		string = *(const char *const *)v;
		if (!string || (*string == '\0' && !element))
			return false;
		json_string(t, string, strlen(string));
		return true;
	case PROTOBUF_C_TYPE_BYTES:
		if (bytes->len == 0 && !element)
			return false;
		json_base64(t, *bytes);
		return true;
	case PROTOBUF_C_TYPE_MESSAGE:
		if (!*(const ProtobufCMessage *const *)v)
			return false;
		json_message(t, *(const ProtobufCMessage *const *)v);
		return true;
	default: /* no reply of ours has others */
		return false;
	}
}

static size_t json_size(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64:
		return sizeof(uint64_t);
	default:
		return sizeof(void *);
	}
}

static bool json_list(struct text *t, const ProtobufCFieldDescriptor *f, const ProtobufCMessage *m)
{
	size_t n = *(const size_t *)((const char *)m + f->quantifier_offset);
	const char *elements = *(const char *const *)((const char *)m + f->offset);

	for (size_t i = 0; i < n; i++) {
		text_putc(t, i ? ',' : '[');
		json_value(t, f->type, elements + i * json_size(f->type), true);
	}
	if (n)
		text_putc(t, ']');
	return n > 0;
}

/* json_union appends a one-of. Go keeps one in an interface member named
 * Response of the message, and the choice in a struct that has but one member,
 * both without names of their own for JSON; so Go's names show. */
static void json_union(struct text *t, const ProtobufCMessage *m)
{
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		unsigned chosen = *(const unsigned *)((const char *)m + f->quantifier_offset);
		bool up = true;

		if (chosen != f->id)
			continue;
		text_puts(t, "{\"Response\":{\"");
		for (const char *s = f->name; *s; s++) { /* response_put: ResponsePut */
			if (*s != '_')
				text_putc(t, (char)(up ? *s - 'a' + 'A' : *s));
			up = *s == '_';
		}
		text_puts(t, "\":");
		json_value(t, f->type, (const char *)m + f->offset, true);
		text_puts(t, "}}");
		return;
	}
	text_puts(t, "{\"Response\":null}");
}

void json_message(struct text *t, const ProtobufCMessage *m)
{
	const char *separator = "";

	if (m->descriptor->n_fields &&
		m->descriptor->fields[0].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
		json_union(t, m);
		return;
	}
	text_putc(t, '{');
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		size_t before = t->len;
		bool shown;

		text_printf(t, "%s\"%s\":", separator, f->name);
		shown = f->label == PROTOBUF_C_LABEL_REPEATED
				? json_list(t, f, m)
				: json_value(t, f->type, (const char *)m + f->offset, false);
		if (shown)
			separator = ",";
		else
			t->len = before;
	}
	t->data[t->len] = '\0';
	text_putc(t, '}');
}
