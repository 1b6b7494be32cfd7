#include "web/hub/screen.h"

#include "web/socket/socket.h"

void screen_set_caller(struct screen *k, const struct caller *caller)
{
    struct caller now = *caller;
    now.session_token = now.browser = now.device = NULL; /* of a request by HTTP alone */
    const char **const texts[] = {&now.origin,   &now.address,  &now.agent_name, &now.page_url,
                                  &now.language, &now.identify, &now.visit};
    size_t size = 1;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        size += *texts[i] ? strlen(*texts[i]) + 1 : 0;
    char *block = mem_alloc(size), *p = block;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (*texts[i]) {
            size_t n = strlen(*texts[i]) + 1;
            *texts[i] = memcpy(p, *texts[i], n);
            p += n;
        }
    free(k->texts); /* the caller's texts may have been these */
    k->texts = block;
    k->caller = now;
}

void screen_says(struct screen *k, const char *text)
{
    free(k->says);
    k->says = text && text[0] ? mem_strdup(text) : NULL;
}

void screen_clear(struct screen *k)
{
    screen_says(k, NULL);
    free(k->texts);
    k->texts = NULL;
}

static size_t *count_of(struct screens *all, const struct screen *k)
{
    return k->visitor ? &all->n_visitors : &all->n_agents;
}

void screens_add(struct screens *all, struct screen *k)
{
    struct screen **head = k->visitor ? &all->visitors : &all->agents;
    k->next = *head;
    k->self = head;
    if (k->next)
        k->next->self = &k->next;
    *head = k;
    ++*count_of(all, k);
}

bool screens_remove(struct screens *all, struct screen *k)
{
    if (!k->self)
        return false;
    *k->self = k->next;
    if (k->next)
        k->next->self = k->self;
    k->self = NULL;
    --*count_of(all, k);
    return true;
}

void screens_each(struct screens *all, void (*each)(void *arg, struct screen *k), void *arg)
{
    struct screen *const lists[] = {all->agents, all->visitors};
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (struct screen *k = lists[i]; k; k = k->next)
            each(arg, k);
}

void screens_send(struct screen *list, struct message *m)
{
    for (struct screen *k = list; k; k = k->next)
        socket_send(k->socket, m);
}
