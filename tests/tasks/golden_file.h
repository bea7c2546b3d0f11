#pragma once

#include <hdf5.h>

#include <string>
#include <vector>

namespace rnnscope::test {

/// In tests/data/reference, or in the whole reference where RNNSCOPE_REFERENCE says it lies; absolute paths stay.
std::string referencePath(const std::string& file);

/// Reads the arrays of one reference file. Throws what is missing.
class GoldenFile
{
public:
    struct Array
    {
        std::vector<double> values;
        std::vector<std::size_t> shape;
        std::size_t columns() const { return shape.size() < 2 ? 1 : shape[1]; }
        std::vector<int> row(std::size_t i) const;
        std::vector<std::size_t> indices() const { return {values.begin(), values.end()}; }
    };

    explicit GoldenFile(const std::string& file);
    ~GoldenFile();
    GoldenFile(const GoldenFile&) = delete;
    GoldenFile& operator=(const GoldenFile&) = delete;

    std::vector<std::string> names(const std::string& group = "/") const;
    Array array(const std::string& dataset) const;
    int attribute(const std::string& group, const std::string& name) const;

private:
    hid_t m_file;
};

} // namespace rnnscope::test
