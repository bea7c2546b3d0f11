#include "weights/weight_files.h"

#include <atomic>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace rnnscope::weights {

Scratch::Scratch()
{
    static std::atomic<int> count = 0;
    m_folder = fs::temp_directory_path() / fmt::format("rnnscope-weights-{}-{}", getpid(), ++count);
    fs::create_directories(m_folder);
}

Scratch::~Scratch()
{
    std::error_code ignored;
    fs::remove_all(m_folder, ignored);
}

fs::path Scratch::write(const std::string& name, std::string_view bytes) const
{
    const fs::path path = m_folder / name;
    fs::remove(path); // truncating a file in place makes ext4 flush it
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
}

std::string readBytes(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

fs::path dataFile(const std::string& name)
{
    return fs::path(RNNSCOPE_TEST_DATA) / "weights" / name;
}

} // namespace rnnscope::weights
