# Unit tests and the targets that run tests.
#
#   moa_add_unittest(NAME sources... [LINK libs...])
#
# makes the GoogleTest binary build/test/unit/NAME (NAME ends in "Tests"; that
# is how the driver finds it) and adds it to the target moa-unittests. It is not
# part of `all`.

find_package(GTest)
find_package(Threads REQUIRED)

if(NOT TARGET moa-unittests)
  add_custom_target(moa-unittests)
endif()

function(moa_add_unittest name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  if(NOT name MATCHES "Tests$")
    message(FATAL_ERROR "moa_add_unittest: the name ${name} must end in Tests")
  endif()
  if(NOT GTest_FOUND)
    message(WARNING "moa: no GoogleTest (libgtest-dev): ${name} is left out")
    return()
  endif()
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE
    ${ARG_LINK} GTest::gtest GTest::gtest_main Threads::Threads)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test/unit)
  add_dependencies(moa-unittests ${name})
endfunction()

# moa_add_check(TARGET group...) makes TARGET, which runs the groups of tests
# that are named (all of them where none is) after what they need is built.
function(moa_add_check target)
  set(only)
  foreach(group IN LISTS ARGN)
    list(APPEND only --only ${group})
  endforeach()
  add_custom_target(${target}
    COMMAND ${MOA_PYTHON} ${PROJECT_SOURCE_DIR}/scripts/run_tests.py
            --build ${PROJECT_BINARY_DIR} ${only}
    USES_TERMINAL VERBATIM)
  get_property(tools GLOBAL PROPERTY MOA_TOOLS)
  get_property(plugins GLOBAL PROPERTY MOA_PLUGINS)
  add_dependencies(${target} moa-unittests ${tools} ${plugins})
endfunction()
