#include "picture/picture.h"

#include "base/frame.h"
#include "base/log.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define WITHIN_MS 15000

struct picture_metrics picture_metrics;

static void run_picture(struct team_job *job, struct process *p);

/* Its memory goes back to the kernel with each picture: the limit is counted from what is used, and freed memory counts. */
static bool is_large(const struct team_job *job)
{
    (void)job;
    return false;
}

static const struct team_kind KIND = {PICTURE_COMMAND, run_picture, is_large, &picture_metrics.waiting};

/* False: the process has ended, or must be. */
static bool ask_process(struct picture_job *j, struct process *p, const char *data, size_t n)
{
    AUTO_BUF struct buf head = {0};
    size_t len = 0;
    frame_number(&head, (uint64_t)j->side);
    j->data = process_ask(p, &head, data, n, WITHIN_MS, PICTURE_ANSWER_MAX, j->arena, &len);
    j->len = len;
    j->outcome = len ? PICTURE_DONE : PICTURE_NONE;
    return j->data != NULL;
}

/* What ends the process each time is no picture. */
static void make_small(struct picture_job *j, struct process *p, const char *data, size_t n)
{
    for (int i = 0; i < PICTURE_TRIES; i++) {
        if (!team_process(&KIND, p)) {
            j->outcome = PICTURE_LATER;
            return;
        }
        if (ask_process(j, p, data, n))
            return;
        picture_metrics.killed++;
        log_warning("picture's process ended file=%s bytes=%zu try=%d", log_quoted(j->path), n, i + 1);
        process_end(p);
    }
    j->outcome = PICTURE_NONE;
}

static void run_picture(struct team_job *job, struct process *p)
{
    struct picture_job *j = CONTAINER_OF(job, struct picture_job, job);
    struct stat st;
    int fd = open(j->path, O_RDONLY | O_CLOEXEC);
    j->outcome = PICTURE_LATER;
    if (fd >= 0 && fstat(fd, &st) == 0 && (st.st_size == 0 || st.st_size > PICTURE_BYTES_MAX))
        j->outcome = PICTURE_NONE;
    else if (fd >= 0) {
        char *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (data != MAP_FAILED) {
            make_small(j, p, data, (size_t)st.st_size);
            munmap(data, (size_t)st.st_size);
        }
    }
    if (fd >= 0)
        close(fd);
    picture_metrics.made += j->outcome == PICTURE_DONE;
    picture_metrics.none += j->outcome == PICTURE_NONE;
}

static void picture_over(struct team_job *job)
{
    struct picture_job *j = CONTAINER_OF(job, struct picture_job, job);
    j->done(j);
}

struct team *pictures_start(size_t limit)
{
    return team_start(&KIND, 1, limit, NULL);
}

bool picture_submit(struct team *pictures, struct picture_job *job)
{
    job->job.done = picture_over;
    return team_submit(pictures, &job->job);
}
