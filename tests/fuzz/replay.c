/* Runs a fuzz target once for each file in the folder that is named: seeds as tests. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat st;
    if (!file || fstat(fileno(file), &st)) {
        perror(path);
        return 1;
    }
    size_t size = (size_t)st.st_size;
    /* Exactly as long as the input, so that the sanitizer sees one byte too many. */
    uint8_t *data = malloc(size ? size : 1);
    int failed = !data || fread(data, 1, size, file) != size;
    if (failed)
        perror(path);
    else
        LLVMFuzzerTestOneInput(data, size);
    free(data);
    fclose(file);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0, count = 0;
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    DIR *folder = argc > 1 ? opendir(argv[1]) : NULL;
    if (argc > 1 && !folder)
        perror(argv[1]);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
        failed |= replay_file(path);
        count++;
    }
    if (folder)
        closedir(folder);
    printf("%d seeds\n", count);
    return failed || (argc > 1 && !folder);
}
