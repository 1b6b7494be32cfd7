#include "web/hub/wire.h"

void wire_change(struct buf *out, const struct change *c)
{
    frame_number(out, (uint64_t)c->kind);
    frame_uuid(out, &c->customer);
    frame_uuid(out, &c->identity);
    frame_number(out, (uint64_t)c->readers);
    frame_text(out, c->json);
    frame_text(out, c->closed_json);
    frame_text(out, c->visitor_json);
}

bool wire_take_changes(struct frame *f, struct changes *ret)
{
    while (!f->broken && f->at < f->end) {
        struct change c = {0};
        uint64_t kind = frame_take_number(f);
        c.customer = frame_take_uuid(f);
        c.identity = frame_take_uuid(f);
        uint64_t readers = frame_take_number(f);
        c.json = frame_take_text(f);
        c.closed_json = frame_take_text(f);
        c.visitor_json = frame_take_text(f);
        c.kind = (enum change_kind)(kind < CHANGE_KINDS_ ? kind : CHANGE_OUTBOX);
        c.readers = readers <= ROLE_ADMIN ? (int)readers : ROLE_ADMIN;
        f->broken |= kind >= CHANGE_KINDS_ || readers > ROLE_ADMIN || ret->n == WIRE_CHANGES_MAX;
        changes_add(ret, c);
    }
    return !f->broken;
}

void wire_add_visitor(struct wire_presence *to, const struct wire_presence *one)
{
    bool shown = !to->visitor_here || (one->visitor_types && !to->visitor_types);
    to->visitor_here = true;
    to->visitor_types |= one->visitor_types;
    if (!shown)
        return;
    to->readers = one->readers;
    to->visit = one->visit;
    to->says = one->says;
}

void wire_presence(struct buf *out, const struct wire_presence *p)
{
    frame_uuid(out, &p->customer);
    frame_number(out, (uint64_t)p->visitor_types + 2 * (uint64_t)p->visitor_here);
    frame_number(out, (uint64_t)p->readers);
    frame_text(out, p->visit);
    frame_text(out, p->says);
    frame_number(out, p->n);
    for (size_t i = 0; i < p->n; i++) {
        frame_uuid(out, &p->agents[i].agent);
        frame_number(out, p->agents[i].typing);
        frame_text(out, p->agents[i].name);
    }
}

bool wire_take_presence(struct frame *f, struct wire_presence *ret)
{
    *ret = (struct wire_presence){.customer = frame_take_uuid(f)};
    uint64_t visitor = frame_take_number(f), readers = frame_take_number(f);
    ret->visitor_types = visitor & 1;
    ret->visitor_here = visitor & 2;
    ret->readers = readers <= ROLE_ADMIN ? (int)readers : ROLE_ADMIN;
    ret->visit = frame_take_text(f);
    ret->says = frame_take_text(f);
    uint64_t n = frame_take_number(f);
    f->broken |= n > WIRE_PRESENT_MAX;
    for (; !f->broken && ret->n < n; ret->n++) {
        struct present *p = &ret->agents[ret->n];
        p->agent = frame_take_uuid(f);
        p->typing = frame_take_number(f) != 0;
        p->name = frame_take_text(f);
    }
    return !f->broken;
}

void wire_presence_clear(struct wire_presence *p)
{
    for (size_t i = 0; i < p->n; i++)
        free((char *)(uintptr_t)p->agents[i].name);
    free((char *)(uintptr_t)p->visit);
    free((char *)(uintptr_t)p->says);
    p->visit = p->says = NULL;
    p->n = 0;
}
