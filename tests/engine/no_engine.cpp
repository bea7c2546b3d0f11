extern "C" int rnnscope_something_else()
{
    return 1;
}
