#pragma once

#include <hdf5.h>

#include <memory>

namespace rnnscope::zoo::hdf5 {

/// What became of the writes to one file.
struct SinkState
{
    int error = 0; ///< errno of the first write that failed
};

/// Lets the file created with `access` write through a driver that hides failing writes from the library and notes them
/// in `state` instead: after a failed write (full disk) libhdf5 cannot close its file and crashes at the program's end.
/// `state` must live until the file has been created; whoever writes checks it before believing that anything is
/// written. Negative when the driver could not be set.
herr_t useSink(hid_t access, const std::shared_ptr<SinkState>& state);

} // namespace rnnscope::zoo::hdf5
