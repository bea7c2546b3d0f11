#include "core/weights/safetensors_header.h"

#include "core/base/printable.h"
#include "core/weights/tensor_file.h"

#include <nlohmann/json.hpp>
#include <unordered_set>

namespace rnnscope::weights {

namespace {

/// Takes the header as nlohmann's parser meets it, which keeps no tree and does not recurse; stops at what is no
/// header.
class HeaderEvents final : public nlohmann::json_sax<nlohmann::json>
{
public:
    std::vector<SafetensorsEntry> entries;
    std::string wrong; ///< a clause that follows the file's name

    bool null() override { return scalar("null"); }
    bool boolean(bool) override { return scalar("a truth value"); }
    bool number_integer(std::int64_t) override { return scalar("a negative number"); }
    bool number_float(double, const std::string&) override { return scalar("a number with a fraction"); }
    bool binary(nlohmann::json::binary_t&) override { return scalar("bytes"); }

    bool number_unsigned(std::uint64_t value) override
    {
        if (m_at != Place::Numbers)
            return scalar("a number");
        m_numbers.push_back(value);
        return true;
    }

    bool string(std::string& text) override
    {
        if (m_at != Place::Tensor || m_key != "dtype")
            return scalar("text");
        entries.back().dtype = std::move(text);
        return true;
    }

    bool key(std::string& text) override
    {
        if (m_at == Place::Metadata)
            return true;
        if (m_at == Place::Tensor)
            return tensorKey(text);
        if (!m_names.insert(text).second)
            return refuse(fmt::format("describes {} twice", printable(text)));
        if (m_names.size() > kMostTensors)
            return refuse(fmt::format("describes over {} tensors", kMostTensors));
        m_key = std::move(text);
        return true;
    }

    bool start_object(std::size_t) override
    {
        if (m_at == Place::Outside) {
            m_at = Place::Header;
        } else if (m_at == Place::Header && m_key == "__metadata__") {
            m_at = Place::Metadata;
        } else if (m_at == Place::Header) {
            entries.emplace_back().name = m_key;
            m_at = Place::Tensor;
            m_hasType = m_hasShape = m_hasRange = false;
        } else {
            return scalar("an object");
        }
        return true;
    }

    bool end_object() override
    {
        if (m_at == Place::Tensor && !(m_hasType && m_hasShape && m_hasRange))
            return refuse(fmt::format("has no dtype, shape or data_offsets for tensor {}", printable(tensor())));
        m_at = m_at == Place::Header ? Place::Outside : Place::Header;
        return true;
    }

    bool start_array(std::size_t) override
    {
        if (m_at != Place::Tensor || m_key == "dtype")
            return scalar("a list");
        m_at = Place::Numbers;
        m_numbers.clear();
        return true;
    }

    bool end_array() override
    {
        m_at = Place::Tensor;
        if (m_key == "shape") {
            entries.back().shape = m_numbers;
            return true;
        }
        if (m_numbers.size() != 2)
            return refuse(
                fmt::format("has {} data_offsets for tensor {}, expected 2", m_numbers.size(), printable(tensor())));
        entries.back().begin = m_numbers[0];
        entries.back().end = m_numbers[1];
        return true;
    }

    bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception& error) override
    {
        detail = printable(error.what(), 200);
        return refuse(fmt::format("is not JSON at byte {}", at));
    }

    std::string detail;

private:
    enum class Place { Outside, Header, Metadata, Tensor, Numbers };

    bool refuse(std::string what)
    {
        wrong = std::move(what);
        return false;
    }

    /// A value where none of its kind may be; metadata may hold anything that is not nested.
    bool scalar(std::string_view what)
    {
        if (m_at == Place::Metadata && what != "an object" && what != "a list")
            return true;
        if (m_at == Place::Outside)
            return refuse(fmt::format("is {}, expected an object", what));
        return refuse(m_at == Place::Header || m_at == Place::Metadata
                          ? fmt::format("has {} under {}", what, printable(m_key))
                          : fmt::format("has {} as {} of tensor {}", what, m_key, printable(tensor())));
    }

    bool tensorKey(const std::string& text)
    {
        bool* seen = text == "dtype" ? &m_hasType
            : text == "shape"        ? &m_hasShape
            : text == "data_offsets" ? &m_hasRange
                                     : nullptr;
        if (seen == nullptr || *seen)
            return refuse(fmt::format("has {} {} for tensor {}", seen == nullptr ? "an unknown key" : "a second",
                                      printable(text), printable(tensor())));
        *seen = true;
        m_key = text;
        return true;
    }

    const std::string& tensor() const { return entries.back().name; }

    Place m_at = Place::Outside;
    std::string m_key;
    std::unordered_set<std::string> m_names;
    std::vector<std::size_t> m_numbers;
    bool m_hasType = false;
    bool m_hasShape = false;
    bool m_hasRange = false;
};

} // namespace

Result<std::vector<SafetensorsEntry>> parseSafetensorsHeader(std::string_view json, const std::string& where)
{
    HeaderEvents events;
    if (!nlohmann::json::sax_parse(json.begin(), json.end(), &events))
        return fail(Errc::BadFormat, fmt::format("{}: its safetensors header {}", where, events.wrong), events.detail);
    return std::move(events.entries);
}

} // namespace rnnscope::weights
