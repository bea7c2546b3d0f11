#pragma once

namespace rnnscope::nn {

/// While one lives, products on the threads that ran setThisThread() are single-threaded: ATen's and OpenBLAS's own
/// threads would get in each other's way when several threads multiply at once. One at a time in a process.
class SingleThreaded
{
public:
    SingleThreaded();
    ~SingleThreaded();
    SingleThreaded(const SingleThreaded&) = delete;
    SingleThreaded& operator=(const SingleThreaded&) = delete;

    /// ATen keeps its number of threads per calling thread.
    static void setThisThread();

private:
    int m_atenThreads;
    int m_blasThreads;
};

} // namespace rnnscope::nn
