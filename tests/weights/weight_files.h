#pragma once

#include "core/base/file.h"

#include <string>
#include <string_view>

namespace rnnscope::weights {

/// A folder of its own for one test, removed with what is in it.
class Scratch
{
public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    fs::path operator/(const std::string& name) const { return m_folder / name; }
    const fs::path& folder() const { return m_folder; }
    /// Writes a file and returns its path.
    fs::path write(const std::string& name, std::string_view bytes) const;

private:
    fs::path m_folder;
};

std::string readBytes(const fs::path& path);
/// A file of tests/data/weights: the reference's small ones under their names.
fs::path dataFile(const std::string& name);

} // namespace rnnscope::weights
