#include "ui/models/selection.h"

#include <QSignalSpy>

#include <gtest/gtest.h>

#include <gmock/gmock.h>

namespace {

using rnnscope::ui::Selection;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Selection, SortsAndDropsDuplicates)
{
    Selection selection;
    selection.set({5, 1, 5, 3});
    EXPECT_THAT(selection.ids(), ElementsAre(1, 3, 5));
    EXPECT_EQ(selection.current(), 1U);
}

TEST(Selection, TheOneClickedLastIsCurrentUntilItLeaves)
{
    Selection selection;
    selection.select(4);
    selection.toggle(2);
    EXPECT_EQ(selection.current(), 2U);
    selection.add({9});
    EXPECT_EQ(selection.current(), 2U);
    selection.toggle(2);
    EXPECT_THAT(selection.ids(), ElementsAre(4, 9));
    EXPECT_EQ(selection.current(), 4U);
}

TEST(Selection, SaysNothingWhenNothingChanges)
{
    Selection selection;
    selection.set({1, 2});
    const QSignalSpy spy(&selection, &Selection::changed);
    selection.set({2, 1});
    selection.subtract({7});
    EXPECT_EQ(spy.count(), 0);
    selection.clear();
    EXPECT_EQ(spy.count(), 1);
    EXPECT_THAT(selection.ids(), IsEmpty());
    EXPECT_FALSE(selection.current());
}

TEST(Selection, AFewAreComparedAndTheCurrentOneIsAmongThem)
{
    Selection selection;
    EXPECT_THAT(comparedIds(selection), IsEmpty());
    selection.set({7, 3});
    EXPECT_THAT(comparedIds(selection), ElementsAre(3, 7));
    selection.set({1, 2, 3, 4, 5, 6}, 2);
    EXPECT_THAT(comparedIds(selection), ElementsAre(1, 2, 3, 4));
    selection.set({1, 2, 3, 4, 5, 6}, 6);
    EXPECT_THAT(comparedIds(selection), ElementsAre(1, 2, 3, 6));
}

} // namespace
