/* Laid before a program by LD_PRELOAD: its wall clock is off by as many seconds as the file says
   whose name is in CLOCK_OFF. Clocks that only measure how long something takes stay right. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
    long result = syscall(SYS_clock_gettime, clock, now);
    const char *name = getenv("CLOCK_OFF");
    if (result == 0 && clock == CLOCK_REALTIME && name != NULL) {
        char text[32] = {0};
        int file = open(name, O_RDONLY | O_CLOEXEC);
        if (file >= 0) {
            if (read(file, text, sizeof text - 1) > 0) {
                now->tv_sec += atol(text);
            }
            close(file);
        }
    }
    return (int)result;
}
