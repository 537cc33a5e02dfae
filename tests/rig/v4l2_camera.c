/* A camera in user space, for machines without one: preloaded into a program, it answers the V4L2 calls for one device
 * path from a file of raw YUYV frames, so that the program's real V4L2 code runs. Built and set up by tests/rig/camera.py.
 *
 * Every call that is not about that path, or about a handle opened on it, goes straight to the kernel by syscall(): no
 * symbol look-up, no allocation, no lock. So a browser with its own allocator and sandbox may inherit the library.
 *
 *   RIG_CAMERA_FRAMES     file of raw YUYV frames, played in a loop; may be written over; without it nothing is answered
 *   RIG_CAMERA_SIZE       size of those frames, "1280x960"; half that size is offered too
 *   RIG_CAMERA_RATE       frames a second, 30
 *   RIG_CAMERA_DEVICE     /dev/video0
 *   RIG_CAMERA_NAME       card name, "Rig Camera"
 *   RIG_CAMERA_OTHER      file that holds another card name, where it exists
 *   RIG_CAMERA_DRIVER     driver name, "uvcvideo"
 *   RIG_CAMERA_UNPLUGGED  while this file exists the device does not
 *   RIG_CAMERA_JPEG       if set the file holds JPEG pictures instead, each in as many bytes as a raw frame has: four
 *                         bytes of length, lowest first, then the picture, whole or not; one size is offered
 *   RIG_CAMERA_BACKWARDS  if set the device's time stamps go backwards
 *   RIG_CAMERA_BUSY       while this file exists another program holds the device
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { HANDLES = 16, BUFFERS = 4 };

struct handle {
    int fd; /* a timerfd that becomes readable with each frame; -1: free */
    int buffers, streaming;
    uint32_t frame;
    unsigned char *memory[BUFFERS];
    int waiting[BUFFERS], head, count; /* indices queued by the program, oldest first */
};

static struct handle table[HANDLES] = {[0 ... HANDLES - 1] = {.fd = -1}};
static atomic_int handles_open;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

/* --- the source ------------------------------------------------------------------------------------------------- */

static unsigned native_width = 640, native_height = 480, native_rate = 30;
static unsigned width, height, rate; /* as the program has chosen */
static const unsigned char *frames;
static size_t frame_count;

static const char *setting(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

static int exists(const char *name) {
    const char *path = getenv(name);
    return path && *path && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
}

static int is_jpeg(void) { return *setting("RIG_CAMERA_JPEG", "") != 0; }
static uint32_t pixel_format(void) { return is_jpeg() ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV; }
static size_t native_bytes(void) { return (size_t)native_width * native_height * 2; }
static size_t frame_bytes(void) { return (size_t)width * height * 2; }

static int load(void) {
    if (frames)
        return 1;
    const char *path = getenv("RIG_CAMERA_FRAMES");
    if (!path || !*path)
        return 0;
    sscanf(setting("RIG_CAMERA_SIZE", "640x480"), "%ux%u", &native_width, &native_height);
    native_rate = (unsigned)atoi(setting("RIG_CAMERA_RATE", "30"));
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    struct stat facts;
    if (fd >= 0 && fstat(fd, &facts) == 0 && (size_t)facts.st_size >= native_bytes()) {
        void *all = (void *)syscall(SYS_mmap, NULL, (size_t)facts.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (all != MAP_FAILED) {
            frame_count = (size_t)facts.st_size / native_bytes();
            frames = all;
        }
    }
    if (fd >= 0)
        syscall(SYS_close, fd);
    width = native_width, height = native_height, rate = native_rate;
    return frames != NULL;
}

static int is_device(const char *path) {
    return path && strncmp(path, "/dev/", 5) == 0 && strcmp(path, setting("RIG_CAMERA_DEVICE", "/dev/video0")) == 0 &&
           getenv("RIG_CAMERA_FRAMES") != NULL;
}

/* Copies frame `number` at the chosen size: whole, or every second pixel of every second line. Its length in bytes. */
static size_t copy_frame(unsigned char *to, uint32_t number) {
    const unsigned char *from = frames + native_bytes() * (number % frame_count);
    if (is_jpeg()) {
        size_t length = from[0] | from[1] << 8 | from[2] << 16;
        memcpy(to, from + 4, length);
        return length;
    }
    if (width == native_width) {
        memcpy(to, from, native_bytes());
        return native_bytes();
    }
    for (unsigned y = 0; y < height; y++) {
        const unsigned char *line = from + (size_t)y * 2 * native_width * 2;
        for (unsigned pair = 0; pair < width / 2; pair++, to += 4, line += 8) {
            to[0] = line[0], to[1] = line[1], to[2] = line[4], to[3] = line[3];
        }
    }
    return frame_bytes();
}

/* --- handles ---------------------------------------------------------------------------------------------------- */

static struct handle *find(int fd) {
    if (fd < 0 || atomic_load(&handles_open) == 0)
        return NULL;
    for (int i = 0; i < HANDLES; i++)
        if (table[i].fd == fd)
            return &table[i];
    return NULL;
}

static int refuse(int code) {
    errno = code;
    return -1;
}

static int open_device(int flags) {
    if (exists("RIG_CAMERA_UNPLUGGED"))
        return refuse(ENOENT);
    pthread_mutex_lock(&guard);
    int fd = -1;
    struct handle *free_slot = NULL;
    for (int i = 0; i < HANDLES && !free_slot; i++)
        if (table[i].fd < 0)
            free_slot = &table[i];
    if (load() && free_slot) {
        int timer_flags = (flags & O_NONBLOCK ? TFD_NONBLOCK : 0) | (flags & O_CLOEXEC ? TFD_CLOEXEC : 0);
        fd = timerfd_create(CLOCK_MONOTONIC, timer_flags);
    }
    if (fd >= 0) {
        memset(free_slot, 0, sizeof *free_slot);
        free_slot->fd = fd;
        atomic_fetch_add(&handles_open, 1);
    }
    pthread_mutex_unlock(&guard);
    return fd >= 0 ? fd : refuse(ENODEV);
}

static int other_owner(const struct handle *mine) {
    for (int i = 0; i < HANDLES; i++)
        if (&table[i] != mine && table[i].fd >= 0 && table[i].buffers > 0)
            return 1;
    return exists("RIG_CAMERA_BUSY");
}

static int set_timer(int fd, int running) {
    struct itimerspec period = {0};
    if (running)
        period.it_interval.tv_nsec = period.it_value.tv_nsec = 1000000000L / (rate > 1 ? rate : 2);
    return timerfd_settime(fd, 0, &period, NULL);
}

/* --- the V4L2 calls --------------------------------------------------------------------------------------------- */

/* Another camera stands in the place of the first: its name is in a file. */
static void other_name(char *card, size_t size) {
    const char *path = getenv("RIG_CAMERA_OTHER");
    int fd = path && *path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY) : -1;
    if (fd < 0)
        return;
    long count = syscall(SYS_read, fd, card, size - 1);
    card[count > 0 ? count : 0] = 0;
    syscall(SYS_close, fd);
}

static int query_capability(struct v4l2_capability *out) {
    memset(out, 0, sizeof *out);
    snprintf((char *)out->driver, sizeof out->driver, "%s", setting("RIG_CAMERA_DRIVER", "uvcvideo"));
    snprintf((char *)out->card, sizeof out->card, "%s", setting("RIG_CAMERA_NAME", "Rig Camera"));
    other_name((char *)out->card, sizeof out->card);
    snprintf((char *)out->bus_info, sizeof out->bus_info, "usb-rig-1");
    out->version = 0x060100;
    out->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    out->capabilities = out->device_caps | V4L2_CAP_DEVICE_CAPS;
    return 0;
}

static int list_format(struct v4l2_fmtdesc *out) {
    if (out->index > 0 || out->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
        return refuse(EINVAL);
    out->flags = is_jpeg() ? V4L2_FMT_FLAG_COMPRESSED : 0;
    out->pixelformat = pixel_format();
    snprintf((char *)out->description, sizeof out->description, is_jpeg() ? "Motion-JPEG" : "YUYV 4:2:2");
    return 0;
}

static int list_size(struct v4l2_frmsizeenum *out) {
    if (out->index > !is_jpeg() || out->pixel_format != pixel_format())
        return refuse(EINVAL);
    out->type = V4L2_FRMSIZE_TYPE_DISCRETE;
    out->discrete.width = native_width >> out->index;
    out->discrete.height = native_height >> out->index;
    return 0;
}

static int list_interval(struct v4l2_frmivalenum *out) {
    if (out->index > 0)
        return refuse(EINVAL);
    out->type = V4L2_FRMIVAL_TYPE_DISCRETE;
    out->discrete.numerator = 1;
    out->discrete.denominator = native_rate;
    return 0;
}

static void fill_format(struct v4l2_format *format, unsigned w, unsigned h) {
    struct v4l2_pix_format *pix = &format->fmt.pix;
    memset(pix, 0, sizeof *pix);
    pix->width = w, pix->height = h;
    pix->pixelformat = pixel_format();
    pix->field = V4L2_FIELD_NONE;
    pix->bytesperline = is_jpeg() ? 0 : w * 2;
    pix->sizeimage = w * h * 2;
    pix->colorspace = V4L2_COLORSPACE_SRGB;
}

/* The half size where it holds what was asked for, else the whole. */
static int format(struct handle *mine, unsigned long request, struct v4l2_format *inout) {
    if (inout->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
        return refuse(EINVAL);
    unsigned w = width, h = height;
    if (request != VIDIOC_G_FMT) {
        int half = !is_jpeg() && inout->fmt.pix.width <= native_width / 2 &&
                   inout->fmt.pix.height <= native_height / 2;
        w = native_width >> half, h = native_height >> half;
    }
    if (request == VIDIOC_S_FMT) {
        if (mine->buffers || other_owner(mine))
            return refuse(EBUSY);
        width = w, height = h;
    }
    fill_format(inout, w, h);
    return 0;
}

static int interval(struct handle *mine, unsigned long request, struct v4l2_streamparm *inout) {
    struct v4l2_fract *wish = &inout->parm.capture.timeperframe;
    if (request == VIDIOC_S_PARM && !other_owner(mine) && wish->numerator && wish->denominator) {
        unsigned asked = wish->denominator / wish->numerator;
        rate = asked > 0 && asked < native_rate ? asked : native_rate;
    }
    inout->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
    wish->numerator = 1, wish->denominator = rate;
    return 0;
}

static int list_input(struct v4l2_input *out) {
    if (out->index > 0)
        return refuse(EINVAL);
    memset(out, 0, sizeof *out);
    snprintf((char *)out->name, sizeof out->name, "Input 1");
    out->type = V4L2_INPUT_TYPE_CAMERA;
    return 0;
}

static int request_buffers(struct handle *mine, struct v4l2_requestbuffers *inout) {
    if (inout->memory != V4L2_MEMORY_MMAP)
        return refuse(EINVAL);
    if (inout->count > 0 && other_owner(mine))
        return refuse(EBUSY);
    if (inout->count > BUFFERS)
        inout->count = BUFFERS;
    mine->buffers = (int)inout->count;
    mine->count = 0;
    memset(mine->memory, 0, sizeof mine->memory);
    return 0;
}

static void describe_buffer(struct v4l2_buffer *out, uint32_t index) {
    out->index = index;
    out->length = (uint32_t)frame_bytes();
    out->memory = V4L2_MEMORY_MMAP;
    out->m.offset = index * (uint32_t)frame_bytes();
    out->flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    out->field = V4L2_FIELD_NONE;
}

static int query_buffer(struct handle *mine, struct v4l2_buffer *inout) {
    if (inout->index >= (uint32_t)mine->buffers)
        return refuse(EINVAL);
    describe_buffer(inout, inout->index);
    return 0;
}

static int queue_buffer(struct handle *mine, struct v4l2_buffer *in) {
    if (in->index >= (uint32_t)mine->buffers || mine->count == BUFFERS)
        return refuse(EINVAL);
    mine->waiting[(mine->head + mine->count++) % BUFFERS] = (int)in->index;
    return 0;
}

static int take_buffer(struct handle *mine, struct v4l2_buffer *out) {
    uint64_t ticks;
    if (!mine->streaming)
        return refuse(EINVAL);
    if (read(mine->fd, &ticks, sizeof ticks) != sizeof ticks)
        return -1;
    mine->frame += (uint32_t)ticks;
    if (mine->count == 0)
        return refuse(EAGAIN);
    int index = mine->waiting[mine->head];
    mine->head = (mine->head + 1) % BUFFERS;
    mine->count--;
    size_t length = frame_bytes();
    if (mine->memory[index])
        length = copy_frame(mine->memory[index], mine->frame * native_rate / rate);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    describe_buffer(out, (uint32_t)index);
    out->flags |= V4L2_BUF_FLAG_DONE;
    out->bytesused = (uint32_t)length;
    out->sequence = mine->frame;
    out->timestamp.tv_sec = *setting("RIG_CAMERA_BACKWARDS", "") ? 100000 - now.tv_sec : now.tv_sec;
    out->timestamp.tv_usec = now.tv_nsec / 1000;
    return 0;
}

static int stream(struct handle *mine, int on) {
    mine->streaming = on;
    if (!on)
        mine->count = mine->head = 0;
    return set_timer(mine->fd, on);
}

static int answer(struct handle *mine, unsigned long request, void *data) {
    if (exists("RIG_CAMERA_UNPLUGGED"))
        return refuse(ENODEV);
    switch (request) {
    case VIDIOC_QUERYCAP: return query_capability(data);
    case VIDIOC_ENUM_FMT: return list_format(data);
    case VIDIOC_ENUM_FRAMESIZES: return list_size(data);
    case VIDIOC_ENUM_FRAMEINTERVALS: return list_interval(data);
    case VIDIOC_G_FMT:
    case VIDIOC_TRY_FMT:
    case VIDIOC_S_FMT: return format(mine, request, data);
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM: return interval(mine, request, data);
    case VIDIOC_ENUMINPUT: return list_input(data);
    case VIDIOC_G_INPUT: *(int *)data = 0; return 0;
    case VIDIOC_S_INPUT: return *(int *)data == 0 ? 0 : refuse(EINVAL);
    case VIDIOC_REQBUFS: return request_buffers(mine, data);
    case VIDIOC_QUERYBUF: return query_buffer(mine, data);
    case VIDIOC_QBUF: return queue_buffer(mine, data);
    case VIDIOC_DQBUF: return take_buffer(mine, data);
    case VIDIOC_STREAMON: return stream(mine, 1);
    case VIDIOC_STREAMOFF: return stream(mine, 0);
    }
    return refuse(ENOTTY);
}

/* --- the doors of libc ------------------------------------------------------------------------------------------- */

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        mode_t mode = 0;                                                                                               \
        if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {                                                     \
            va_list rest;                                                                                              \
            va_start(rest, flags);                                                                                     \
            mode = va_arg(rest, mode_t);                                                                               \
            va_end(rest);                                                                                              \
        }                                                                                                              \
        return is_device(path) ? open_device(flags) : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);           \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    struct handle *mine = find(fd);
    if (mine) {
        pthread_mutex_lock(&guard);
        mine->fd = -1;
        mine->buffers = 0;
        atomic_fetch_sub(&handles_open, 1);
        pthread_mutex_unlock(&guard);
    }
    return (int)syscall(SYS_close, fd);
}

int ioctl(int fd, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void *data = va_arg(rest, void *);
    va_end(rest);
    struct handle *mine = find(fd);
    if (!mine)
        return (int)syscall(SYS_ioctl, fd, request, data);
    pthread_mutex_lock(&guard);
    int result = answer(mine, request & 0xffffffffUL, data);
    pthread_mutex_unlock(&guard);
    return result;
}

/* A buffer is plain memory; its place in the device's address space tells which. */
static void *map(void *where, size_t length, int access, int flags, int fd, off_t offset) {
    struct handle *mine = find(fd);
    if (!mine)
        return (void *)syscall(SYS_mmap, where, length, access, flags, fd, offset);
    void *memory = (void *)syscall(SYS_mmap, NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    size_t index = (size_t)offset / frame_bytes();
    if (memory != MAP_FAILED && index < BUFFERS)
        mine->memory[index] = memory;
    return memory;
}

void *mmap(void *where, size_t length, int access, int flags, int fd, off_t offset) {
    return map(where, length, access, flags, fd, offset);
}

void *mmap64(void *where, size_t length, int access, int flags, int fd, off64_t offset) {
    return map(where, length, access, flags, fd, offset);
}

/* OpenCV asks whether the path is a character device before it opens it. */
#define STAT(name, kind)                                                                                               \
    int name(const char *path, struct kind *out) {                                                                     \
        if (is_device(path) && !exists("RIG_CAMERA_UNPLUGGED")) {                                                      \
            memset(out, 0, sizeof *out);                                                                               \
            out->st_mode = S_IFCHR | 0660;                                                                             \
            out->st_rdev = makedev(81, 0);                                                                             \
            return 0;                                                                                                  \
        }                                                                                                              \
        return (int)syscall(SYS_newfstatat, AT_FDCWD, path, out, 0);                                                   \
    }
STAT(stat, stat)
STAT(stat64, stat64)
