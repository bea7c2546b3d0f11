#include "core/nn/single_threaded.h"

#include <ATen/Parallel.h>

#include <dlfcn.h>

namespace rnnscope::nn {

namespace {

/// OpenBLAS built on pthreads listens to nothing else; where ATen has another BLAS there is no such function.
template <typename Function>
Function* ofOpenBlas(const char* name)
{
    return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name)); // NOLINT: that is what dlsym returns
}

void setBlasThreads(int threads)
{
    static auto* const set = ofOpenBlas<void(int)>("openblas_set_num_threads");
    if (set != nullptr)
        set(threads);
}

int blasThreads()
{
    static auto* const get = ofOpenBlas<int()>("openblas_get_num_threads");
    return get != nullptr ? get() : 1;
}

} // namespace

SingleThreaded::SingleThreaded()
    : m_atenThreads(at::get_num_threads())
    , m_blasThreads(blasThreads())
{
    if (m_blasThreads != 1)
        setBlasThreads(1);
}

SingleThreaded::~SingleThreaded()
{
    if (m_blasThreads != 1)
        setBlasThreads(m_blasThreads);
    // setThisThread() has changed what ATen gives to threads it has not seen yet.
    at::set_num_threads(m_atenThreads);
}

void SingleThreaded::setThisThread()
{
    at::set_num_threads(1);
}

} // namespace rnnscope::nn
