/* SPDX-License-Identifier: Apache-2.0 */
#include "client/printer.h"

#include <string.h>

#include "client/json.h"

static void json_line(struct ctl *ctl, const struct text *t)
{
	fwrite(t->data, 1, t->len, ctl->out);
	putc('\n', ctl->out);
}

static void json_reply(struct ctl *ctl, const ProtobufCMessage *m)
{
	struct text t;

	text_init(&t, ctl->pool);
	json_message(&t, m);
	json_line(ctl, &t);
}

static void json_endpoint_health(struct ctl *ctl, const struct endpoint_health *h, size_t n)
{
	struct text t;

	text_init(&t, ctl->pool);
	text_putc(&t, '[');
	for (size_t i = 0; i < n; i++) {
		text_puts(&t, i ? ",{\"endpoint\":" : "{\"endpoint\":");
		json_string(&t, h[i].endpoint, strlen(h[i].endpoint));
		text_printf(&t, ",\"health\":%s,\"took\":", h[i].health ? "true" : "false");
		json_string(&t, h[i].took, strlen(h[i].took));
		if (h[i].error) {
			text_puts(&t, ",\"error\":");
			json_string(&t, h[i].error, strlen(h[i].error));
		}
		text_putc(&t, '}');
	}
	text_putc(&t, ']');
	json_line(ctl, &t);
}

static void json_endpoint_status(struct ctl *ctl, const struct endpoint_status *s, size_t n)
{
	struct text t;

	text_init(&t, ctl->pool);
	text_putc(&t, '[');
	for (size_t i = 0; i < n; i++) {
		text_puts(&t, i ? ",{\"Endpoint\":" : "{\"Endpoint\":");
		json_string(&t, s[i].endpoint, strlen(s[i].endpoint));
		text_puts(&t, ",\"Status\":");
		json_message(&t, &s[i].status->base);
		text_putc(&t, '}');
	}
	text_putc(&t, ']');
	json_line(ctl, &t);
}

const struct printer printer_json = {
	.name = "json",
	.message = json_reply,
	.endpoint_health = json_endpoint_health,
	.endpoint_status = json_endpoint_status,
};
