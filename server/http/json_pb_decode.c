/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/http/json_pb_internal.h"

/* Messages inside messages; more is refused. (jansson stops at 2048 levels of
 * JSON by itself.) */
enum { JSON_PB_DEPTH_MAX = 700 };

struct decoder {
	struct arena *arena;
	char *error;
	size_t error_size;
	int depth;
};

static bool fail(struct decoder *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool fail(struct decoder *d, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(d->error, d->error_size, fmt, ap);
	va_end(ap);
	return false;
}

/* --- Go's words ---------------------------------------------------------------------- */

static const char *go_kind(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "object";
	case JSON_ARRAY:
		return "array";
	case JSON_STRING:
		return "string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "number";
	default:
		return "bool";
	}
}

static bool fail_type(struct decoder *d, const json_t *v, const char *go_type)
{
	return fail(d, "json: cannot unmarshal %s into Go value of type %s", go_kind(v), go_type);
}

/* jansson says what it expected; Go says what it found, and where it stood. */
static bool fail_syntax(struct decoder *d, const char *json, size_t len, const json_error_t *e)
{
	static const struct {
		const char *jansson, *go;
	} places[] = {
		{"string or '}' expected", "looking for beginning of object key string"},
		{"string expected", "looking for beginning of object key string"},
		{"':' expected", "after object key"},
		{"'}' expected", "after object key:value pair"},
		{"']' expected", "after array element"},
	};
	const char *place = "looking for beginning of value";

	if (json_error_code(e) == json_error_premature_end_of_input)
		return fail(d, "unexpected EOF");
	if (json_error_code(e) == json_error_numeric_overflow)
		return fail(d, "json: cannot unmarshal number into Go value of type int64");
	if (json_error_code(e) == json_error_stack_overflow)
		return fail(d, "exceeded max depth");
	if (json_error_code(e) == json_error_invalid_utf8)
		return fail(d, "invalid UTF-8 in string");
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (strncmp(e->text, places[i].jansson, strlen(places[i].jansson)) == 0)
			place = places[i].go;
	/* position is just behind the token that was not expected */
	size_t at = e->position > 0 ? (size_t)e->position : 0;
	const char *near = strstr(e->text, " near '");
	if (near) {
		size_t n = strlen(near) - 8;
		at = at > n ? at - n : 0;
	}
	while (at < len && isspace((unsigned char)json[at]))
		at++;
	if (at >= len)
		return fail(d, "unexpected EOF");
	unsigned char c = (unsigned char)json[at];
	if (c == '\'' || c == '"')
		return fail(d,
			c == '"' ? "invalid character '\"' %s" : "invalid character '\\'' %s",
			place);
	return fail(d,
		c < 0x20 || c >= 0x7f ? "invalid character '\\x%02x' %s"
				      : "invalid character '%c' %s",
		c, place);
}

/* --- single values --------------------------------------------------------------------- */

static bool get_i64(struct decoder *d, const json_t *v, const char *go_type, int64_t min,
	int64_t max, int64_t *out)
{
	if (json_is_integer(v)) {
		*out = json_integer_value(v);
		if (*out < min || *out > max)
			return fail(d,
				"json: cannot unmarshal number %lld into Go value of type %s",
				(long long)*out, go_type);
		return true;
	}
	if (!json_is_string(v))
		return fail_type(d, v, go_type);
	const char *s = json_string_value(v);
	char *end;
	if (!*s)
		return fail(d, "unexpected end of JSON input");
	if (!isdigit((unsigned char)*s) && *s != '-')
		return fail(d, "invalid character '%c' looking for beginning of value", *s);
	errno = 0;
	long long n = strtoll(s, &end, 10);
	if (*end)
		return fail(d, "invalid character '%c' after top-level value", *end);
	if (errno || n < min || n > max)
		return fail(
			d, "json: cannot unmarshal number %s into Go value of type %s", s, go_type);
	*out = n;
	return true;
}

static bool get_u64(struct decoder *d, const json_t *v, uint64_t *out)
{
	const char *s = json_string_value(v);
	int64_t n;
	char *end;

	if (!s || *s == '-' || !*s || !isdigit((unsigned char)*s)) {
		if (!get_i64(d, v, "uint64", 0, INT64_MAX, &n))
			return false;
		*out = (uint64_t)n;
		return true;
	}
	errno = 0;
	*out = strtoull(s, &end, 10);
	if (*end)
		return fail(d, "invalid character '%c' after top-level value", *end);
	if (errno)
		return fail(d, "json: cannot unmarshal number %s into Go value of type uint64", s);
	return true;
}

/* The name of an enum as Go generates it: etcdserverpb.RangeRequest_SortOrder. */
static bool fail_enum(struct decoder *d, const ProtobufCEnumDescriptor *desc, const char *value)
{
	size_t prefix = strlen(desc->package_name);
	char name[128];

	snprintf(name, sizeof name, "%s", desc->name);
	for (char *p = name + prefix + 1; strlen(name) > prefix && *p; p++)
		if (*p == '.')
			*p = '_';
	return fail(d, "unknown value \"%s\" for enum %s", value, name);
}

static bool get_enum(
	struct decoder *d, const json_t *v, const ProtobufCEnumDescriptor *desc, int32_t *out)
{
	int64_t n;

	if (json_is_string(v)) {
		const ProtobufCEnumValue *value =
			protobuf_c_enum_descriptor_get_value_by_name(desc, json_string_value(v));
		if (!value)
			return fail_enum(d, desc, json_string_value(v));
		*out = value->value;
		return true;
	}
	if (!get_i64(d, v, "int32", INT32_MIN, INT32_MAX, &n))
		return false;
	*out = (int32_t)n;
	return true;
}

static int base64_digit(unsigned char c)
{
	return c >= 'A' && c <= 'Z'   ? c - 'A'
	       : c >= 'a' && c <= 'z' ? c - 'a' + 26
	       : c >= '0' && c <= '9' ? c - '0' + 52
	       : c == '+'             ? 62
	       : c == '/'             ? 63
				      : -1;
}

/* Standard alphabet, padded, line ends ignored: Go's base64.StdEncoding. */
static bool get_bytes(struct decoder *d, const json_t *v, ProtobufCBinaryData *out)
{
	if (!json_is_string(v))
		return fail_type(d, v, "[]uint8");
	const char *s = json_string_value(v);
	size_t len = json_string_length(v), digits = 0, pads = 0, n = 0;
	uint8_t *data = arena_alloc(d->arena, len / 4 * 3 + 3);
	uint32_t acc = 0;

	for (size_t i = 0; i < len; i++) {
		int digit = base64_digit((unsigned char)s[i]);
		if (s[i] == '\n' || s[i] == '\r')
			continue;
		if (s[i] == '=' && digits % 4 >= 2 && (digits + pads) % 4 != 0) {
			pads++;
			continue;
		}
		if (digit < 0 || pads)
			return fail(d, "illegal base64 data at input byte %zu", i);
		acc = acc << 6 | (uint32_t)digit;
		if (++digits % 4 == 0) {
			data[n++] = (uint8_t)(acc >> 16);
			data[n++] = (uint8_t)(acc >> 8);
			data[n++] = (uint8_t)acc;
			acc = 0;
		}
	}
	if ((digits + pads) % 4)
		return fail(d, "illegal base64 data at input byte %zu", len);
	if (digits % 4 == 2)
		data[n++] = (uint8_t)(acc >> 4);
	if (digits % 4 == 3) {
		data[n++] = (uint8_t)(acc >> 10);
		data[n++] = (uint8_t)(acc >> 2);
	}
	*out = (ProtobufCBinaryData){n, data};
	return true;
}

static bool get_string(struct decoder *d, const json_t *v, char **out)
{
	if (!json_is_string(v))
		return fail_type(d, v, "string");
	size_t len = json_string_length(v);
	*out = arena_alloc(d->arena, len + 1);
	memcpy(*out, json_string_value(v), len + 1);
	return true;
}

static bool get_message(struct decoder *d, const json_t *v, const ProtobufCMessageDescriptor *desc,
	ProtobufCMessage **out);

/* Reads one value into p, which has room for the field's type. */
static bool get_value(
	struct decoder *d, const json_t *v, const ProtobufCFieldDescriptor *f, void *p)
{
	int64_t n;
	uint64_t u;

	switch (f->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		if (!get_i64(d, v, "int32", INT32_MIN, INT32_MAX, &n))
			return false;
		*(int32_t *)p = (int32_t)n;
		return true;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		if (!get_i64(d, v, "uint32", 0, UINT32_MAX, &n))
			return false;
		*(uint32_t *)p = (uint32_t)n;
		return true;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		return get_i64(d, v, "int64", INT64_MIN, INT64_MAX, p);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		if (!get_u64(d, v, &u))
			return false;
		*(uint64_t *)p = u;
		return true;
	case PROTOBUF_C_TYPE_BOOL:
		if (!json_is_boolean(v))
			return fail_type(d, v, "bool");
		*(protobuf_c_boolean *)p = json_is_true(v);
		return true;
	case PROTOBUF_C_TYPE_ENUM:
		return get_enum(d, v, f->descriptor, p);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
		if (!json_is_number(v))
			return fail_type(d, v, "float64");
		if (f->type == PROTOBUF_C_TYPE_FLOAT)
			*(float *)p = (float)json_number_value(v);
		else
			*(double *)p = json_number_value(v);
		return true;
	case PROTOBUF_C_TYPE_STRING:
		return get_string(d, v, p);
	case PROTOBUF_C_TYPE_BYTES:
		return get_bytes(d, v, p);
	case PROTOBUF_C_TYPE_MESSAGE:
		return get_message(d, v, f->descriptor, p);
	}
	return false;
}

/* --- messages ---------------------------------------------------------------------------- */

static bool get_repeated(struct decoder *d, const json_t *v, const ProtobufCFieldDescriptor *f,
	ProtobufCMessage *msg)
{
	if (!json_is_array(v))
		return fail_type(d, v, "[]json.RawMessage");
	size_t n = json_array_size(v), size = json_pb_size_of(f->type);
	char *items = arena_calloc(d->arena, n + 1, size);
	for (size_t i = 0; i < n; i++) {
		const json_t *item = json_array_get(v, i);
		if (json_is_null(item))
			return fail(d, "null is no element of %s", f->name);
		if (!get_value(d, item, f, items + i * size))
			return false;
	}
	*(size_t *)((char *)msg + f->quantifier_offset) = n;
	*(void **)((char *)msg + f->offset) = items;
	return true;
}

/* The field's value in object: under its camelCase name, or its own. */
static const json_t *field_of(const json_t *object, const char *name)
{
	char camel[64];
	size_t n = 0;
	bool up = false;

	for (const char *p = name; *p && n + 1 < sizeof camel; p++) {
		if (*p == '_') {
			up = true;
			continue;
		}
		camel[n++] = up ? (char)toupper((unsigned char)*p) : *p;
		up = false;
	}
	camel[n] = 0;
	const json_t *v = json_object_get(object, camel);
	return v ? v : json_object_get(object, name);
}

static bool get_message(struct decoder *d, const json_t *v, const ProtobufCMessageDescriptor *desc,
	ProtobufCMessage **out)
{
	if (!json_is_object(v))
		return fail_type(d, v, "map[string]json.RawMessage");
	if (d->depth == 0)
		return fail(d, "exceeded max depth");
	ProtobufCMessage *msg = arena_alloc(d->arena, desc->sizeof_message);
	protobuf_c_message_init(desc, msg);
	d->depth--;
	for (unsigned i = 0; i < desc->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &desc->fields[i];
		const json_t *value = field_of(v, f->name);
		if (!value || json_is_null(value))
			continue;
		if (f->label == PROTOBUF_C_LABEL_REPEATED) {
			if (!get_repeated(d, value, f, msg))
				return false;
			continue;
		}
		if (!get_value(d, value, f, (char *)msg + f->offset))
			return false;
		if (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
			*(int *)((char *)msg + f->quantifier_offset) = (int)f->id;
	}
	d->depth++;
	*out = msg;
	return true;
}

bool json_pb_decode(const ProtobufCMessageDescriptor *desc, const char *json, size_t len,
	struct arena *arena, ProtobufCMessage **msg, char *error, size_t error_size)
{
	struct decoder d = {arena, error, error_size, JSON_PB_DEPTH_MAX};
	json_error_t e;

	size_t blank = 0;
	while (blank < len && isspace((unsigned char)json[blank]))
		blank++;
	if (blank == len) {
		*msg = arena_alloc(arena, desc->sizeof_message);
		protobuf_c_message_init(desc, *msg);
		return true;
	}
	json_t *root = json_loadb(
		json, len, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL | JSON_DECODE_ANY, &e);
	if (!root)
		return fail_syntax(&d, json, len, &e);
	bool ok = get_message(&d, root, desc, msg);
	json_decref(root);
	return ok;
}
