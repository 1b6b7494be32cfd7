/* The INI file of the configuration, and printing what is wrong with it. */
#include "base/config.h"
#include "channel_fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct error err = {0};
    struct config config;
    int fd = memfd_create("config", MFD_CLOEXEC);
    MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    const char *path = arena_printf(a, "/proc/self/fd/%d", fd);
    if (config_load(a, path, &config, &err))
        MUST(config.listen && config.blob_dir && config.workers >= 1 && config.session_days >= 1);
    else
        MUST(err.text[0]);
    close(fd);
    return 0;
}
