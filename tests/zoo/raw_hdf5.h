#pragma once

#include "core/zoo/hdf5.h"

#include <span>
#include <string>
#include <vector>

/// HDF5 files in layouts that our own writer does not make.
namespace rnnscope::testdata {

using zoo::hdf5::Handle;

inline Handle scalarSpace()
{
    return {H5Screate(H5S_SCALAR), H5Sclose, "space"};
}

inline void attribute(hid_t object, const char* name, hid_t type, hid_t space, const void* value)
{
    const Handle made(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, name);
    H5Awrite(made.get(), type, value);
}

template <typename T>
void numberAttribute(hid_t object, const char* name, hid_t type, T value)
{
    attribute(object, name, type, scalarSpace().get(), &value);
}

inline void variableText(hid_t object, const char* name, const char* value)
{
    const Handle type = zoo::hdf5::textType();
    attribute(object, name, type.get(), scalarSpace().get(), &value);
}

/// ASCII of fixed length, padded with `padding`.
inline void fixedText(hid_t object, const char* name, std::string value, H5T_str_t padding, std::size_t length)
{
    const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "type");
    H5Tset_size(type.get(), length);
    H5Tset_strpad(type.get(), padding);
    value.resize(length, padding == H5T_STR_SPACEPAD ? ' ' : '\0');
    attribute(object, name, type.get(), scalarSpace().get(), value.data());
}

inline Handle makeGroup(hid_t parent, const char* name)
{
    return {H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, name};
}

struct Layout
{
    std::vector<hsize_t> chunk {}; ///< empty: contiguous
    unsigned deflate = 0;
    bool compact = false;
};

inline Handle dataset(hid_t parent, const char* name, hid_t fileType, const std::vector<hsize_t>& shape,
                      hid_t memoryType, const void* values, const Layout& layout = {})
{
    const Handle space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose, "space");
    const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "creation");
    if (!layout.chunk.empty())
        H5Pset_chunk(creation.get(), static_cast<int>(layout.chunk.size()), layout.chunk.data());
    if (layout.deflate > 0) {
        H5Pset_shuffle(creation.get());
        H5Pset_deflate(creation.get(), layout.deflate);
    }
    if (layout.compact)
        H5Pset_layout(creation.get(), H5D_COMPACT);
    Handle made(H5Dcreate2(parent, name, fileType, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), H5Dclose,
                name);
    if (values != nullptr)
        H5Dwrite(made.get(), memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    return made;
}

inline Handle createFile(const fs::path& path)
{
    return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose, "file"};
}

/// h5py's bool.
inline Handle truthType()
{
    Handle type(H5Tenum_create(H5T_STD_I8LE), H5Tclose, "type");
    const signed char no = 0;
    const signed char yes = 1;
    H5Tenum_insert(type.get(), "FALSE", &no);
    H5Tenum_insert(type.get(), "TRUE", &yes);
    return type;
}

/// Header and architecture of an LSTM 1×2, 3 in, 2 out without biases: P = 46.
inline Handle smallZooFile(const fs::path& path)
{
    Handle file = createFile(path);
    variableText(file.get(), "format", "rnn-zoo");
    numberAttribute<int>(file.get(), "version", H5T_NATIVE_INT, 1);
    const Handle architecture = makeGroup(file.get(), "architecture");
    variableText(architecture.get(), "cell", "lstm");
    numberAttribute<long>(architecture.get(), "input_size", H5T_NATIVE_LONG, 3);
    numberAttribute<short>(architecture.get(), "hidden_size", H5T_NATIVE_SHORT, 2);
    numberAttribute<unsigned char>(architecture.get(), "num_layers", H5T_NATIVE_UCHAR, 1);
    numberAttribute<unsigned>(architecture.get(), "output_size", H5T_NATIVE_UINT, 2);
    numberAttribute<signed char>(architecture.get(), "bias", truthType().get(), 0);
    return file;
}
inline constexpr std::size_t kSmallColumns = 8 * 3 + 8 * 2 + 2 * 2 + 2;

inline std::vector<float> smallParameters(std::size_t networks)
{
    std::vector<float> values(networks * kSmallColumns);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i % 97) / 16.0F - 2.0F; // exact in float16
    return values;
}

} // namespace rnnscope::testdata
