#include "web/call/thumb_call.h"

#include "desk/ground/blob.h"
#include "picture/picture.h"
#include "web/call/rpc.h"
#include "web/loop/work.h"
#include "web/state/server.h"

struct making {
    struct picture_job picture;
    struct post post;
    struct rpc *rpc;
    struct thumb_wish wish;
    void (*over)(struct rpc *r);
};

static void back_on_the_loop(struct post *post)
{
    struct making *m = CONTAINER_OF(post, struct making, post);
    work_over(m->rpc->server->work);
    m->over(m->rpc);
}

/* On the thread of pictures. What cannot be made is kept as that. */
static void picture_made(struct picture_job *job)
{
    struct making *m = CONTAINER_OF(job, struct making, picture);
    struct rpc *r = m->rpc;
    if (job->outcome == PICTURE_LATER)
        r->fine = error_general(&r->call.err, ERR_BUSY);
    else
        r->fine =
            thumb_keep(r->server->desk->blob_dir, m->wish.sha256, m->wish.size, job->data, job->len, &r->call.err) &&
            (job->outcome == PICTURE_DONE || error_set(&r->call.err, NULL, no_thumbnail));
    m->post.run = back_on_the_loop;
    loop_post(&r->server->loop, &m->post);
}

void thumb_make(struct rpc *r, const struct thumb_wish *wish, void (*over)(struct rpc *r))
{
    struct server *s = r->server;
    struct making *m = arena_alloc(r->arena, sizeof(*m));
    *m = (struct making){.picture = {.path = blob_path(r->arena, s->desk->blob_dir, wish->sha256),
                                     .side = thumb_side(wish->size),
                                     .arena = r->arena,
                                     .done = picture_made},
                         .rpc = r,
                         .wish = *wish,
                         .over = over};
    work_begin(s->work);
    if (picture_submit(s->desk->pictures, &m->picture))
        return;
    work_over(s->work);
    r->fine = error_general(&r->call.err, ERR_BUSY);
    over(r);
}
