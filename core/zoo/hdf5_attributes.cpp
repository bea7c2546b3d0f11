#include "core/zoo/hdf5.h"
#include "core/zoo/hdf5_text.h"

#include <algorithm>
#include <cstring>

namespace rnnscope::zoo::hdf5 {

namespace {

hsize_t fileSize(hid_t object)
{
    const Handle file(H5Iget_file_id(object), H5Fclose, "cannot find the file");
    hsize_t size = 0;
    return H5Fget_filesize(file.get(), &size) < 0 ? 0 : size;
}

} // namespace

struct Node::Attribute
{
    Handle attribute;
    Handle type;
    Handle space;
    std::size_t entries = 0;
    std::string where;

    template <typename T>
    T number(hid_t memory) const
    {
        T value {};
        if (entries != 1 || H5Aread(attribute.get(), memory, &value) < 0)
            raise(Errc::BadFormat, where + " is not one number", lastError());
        return value;
    }

    bool isInteger() const
    {
        const H5T_class_t found = H5Tget_class(type.get());
        return found == H5T_INTEGER || found == H5T_ENUM;
    }
};

Node::Attribute Node::openAttribute(const std::string& name) const
{
    const std::string label = fmt::format("the attribute '{}' of {}", name, where());
    if (!hasAttribute(name))
        raise(Errc::BadFormat, label + " is missing");
    const std::string damaged = label + " is damaged";
    Handle attribute(H5Aopen(id(), name.c_str(), H5P_DEFAULT), H5Aclose, damaged);
    Handle type(H5Aget_type(attribute.get()), H5Tclose, damaged);
    Handle space(H5Aget_space(attribute.get()), H5Sclose, damaged);
    const hssize_t entries = H5Sget_simple_extent_npoints(space.get());
    const hsize_t size = fileSize(id());
    const std::size_t width = H5Tget_size(type.get());
    if (entries < 0 || width == 0 || static_cast<hsize_t>(entries) > size / width + 1 || !isUsableType(type.get()))
        raise(Errc::BadFormat, damaged, lastError());
    return {std::move(attribute), std::move(type), std::move(space), static_cast<std::size_t>(entries), label};
}

std::vector<std::string> Node::attributeTexts(const Attribute& attribute) const
{
    return decodeTexts(attribute.type, attribute.space, fileSize(id()) + 1, attribute.where,
                       [&](hid_t type, void* buffer) { return H5Aread(attribute.attribute.get(), type, buffer); });
}

std::vector<std::string> Node::decodeTexts(const Handle& type, const Handle& space, std::size_t limit,
                                           const std::string& label,
                                           const std::function<herr_t(hid_t, void*)>& read) const
{
    if (H5Tget_class(type.get()) != H5T_STRING)
        raise(Errc::BadFormat, label + " is not text");
    const auto count = static_cast<std::size_t>(std::max<hssize_t>(0, H5Sget_simple_extent_npoints(space.get())));
    const std::size_t width = H5Tget_size(type.get());
    if (width == 0 || count > limit / width)
        raise(Errc::BadFormat, label + " is damaged: its text is longer than the file");
    if (H5Tis_variable_str(type.get()) > 0) {
        std::vector<std::byte> references(count * kTextReference);
        if (read(textReferenceType().get(), references.data()) < 0)
            raise(Errc::BadFormat, label + " is damaged", lastError());
        return resolveTexts(*m_bytes, m_base, references, label);
    }
    std::vector<char> bytes(count * width);
    if (read(type.get(), bytes.data()) < 0)
        raise(Errc::BadFormat, label + " is damaged", lastError());
    std::vector<std::string> out;
    const bool padded = H5Tget_strpad(type.get()) == H5T_STR_SPACEPAD;
    for (std::size_t i = 0; i < count; ++i) {
        std::string text(bytes.data() + i * width, ::strnlen(bytes.data() + i * width, width));
        while (padded && text.ends_with(' '))
            text.pop_back();
        out.push_back(std::move(text));
    }
    return out;
}

bool Node::hasAttribute(const std::string& name) const
{
    const Lock lock;
    const bool found = H5Aexists(id(), name.c_str()) > 0;
    H5Eclear2(H5E_DEFAULT);
    return found;
}

std::string Node::text(const std::string& name) const
{
    const Lock lock;
    const Attribute attribute = openAttribute(name);
    if (attribute.entries != 1)
        raise(Errc::BadFormat, attribute.where + " is not one text");
    return attributeTexts(attribute).front();
}

std::vector<std::string> Node::texts(const std::string& name) const
{
    const Lock lock;
    return attributeTexts(openAttribute(name));
}

std::int64_t Node::integer(const std::string& name) const
{
    const Lock lock;
    const Attribute attribute = openAttribute(name);
    if (!attribute.isInteger())
        raise(Errc::BadFormat, attribute.where + " is not an integer");
    return attribute.number<std::int64_t>(H5T_NATIVE_INT64);
}

bool Node::boolean(const std::string& name) const
{
    const std::int64_t value = integer(name);
    if (value != 0 && value != 1)
        raise(Errc::BadFormat,
              fmt::format("the attribute '{}' of {} is {}, expected true or false", name, where(), value));
    return value == 1;
}

double Node::real(const std::string& name) const
{
    const Lock lock;
    const Attribute attribute = openAttribute(name);
    if (!attribute.isInteger() && H5Tget_class(attribute.type.get()) != H5T_FLOAT)
        raise(Errc::BadFormat, attribute.where + " is not a number");
    return attribute.number<double>(H5T_NATIVE_DOUBLE);
}

void Node::expectFormat(const std::string& format, std::int64_t version) const
{
    if (!hasAttribute("format"))
        raise(Errc::BadFormat,
              fmt::format("{} is an HDF5 file without the attribute 'format', expected '{}'", where(), format));
    if (const std::string found = text("format"); found != format)
        raise(Errc::BadFormat,
              fmt::format("the format of {} is '{}', expected '{}'", where(), found.substr(0, 60), format));
    if (const std::int64_t found = integer("version"); found != version)
        raise(Errc::BadFormat,
              fmt::format("{} has version {} of the format '{}', this program reads version {}", where(), found, format,
                          version));
}

} // namespace rnnscope::zoo::hdf5
